import { type EsCheck, passedUnless, policy } from './check.ts';

export const noArchivedSettings: EsCheck = {
  id: 'es.no-archived-settings',
  asks: 'Is the cluster free of settings that an earlier upgrade archived?',
  scope: 'first-hop',
  run: ({ seen }) =>
    passedUnless([
      ...archived({ ...seen.persistentSettings, ...seen.transientSettings }).map((name) =>
        policy(
          `setting ${name}`,
          `${name} is left from an earlier upgrade and may block changes of settings; it is removed when it does.`,
          'PUT /_cluster/settings with "archived.*": null.',
        ),
      ),
      ...seen.indices.flatMap((index) =>
        archived(index.settings).map((name) =>
          policy(
            `setting ${name}`,
            `${name} is left on ${index.name} from an earlier upgrade and blocks changes of its settings.`,
            `PUT /${index.name}/_settings {"archived.*": null}; close the index for it where that is refused.`,
          ),
        ),
      ),
    ]),
};

function archived(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(settings).filter((name) => name.startsWith('archived.'));
}
