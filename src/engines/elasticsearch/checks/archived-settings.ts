import { type EsCheck, passedUnless, policy } from './check.ts';

export const noArchivedSettings: EsCheck = {
  id: 'es.no-archived-settings',
  asks: 'Is the cluster free of settings that an earlier upgrade archived?',
  scope: 'first-hop',
  run: ({ seen }) =>
    passedUnless(
      [...Object.keys(seen.persistentSettings), ...Object.keys(seen.transientSettings)]
        .filter((name) => name.startsWith('archived.'))
        .map((name) =>
          policy(
            `setting ${name}`,
            `${name} is left from an earlier upgrade and may block changes of settings; it is removed when it does.`,
            'PUT /_cluster/settings with "archived.*": null.',
          ),
        ),
    ),
};
