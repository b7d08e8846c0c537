import type { Command } from 'commander';

/** What can follow each command, by its path (`''`, `upgrade`, `upgrade start`). */
export interface Choices {
  readonly path: string;
  readonly words: readonly Word[];
  readonly options: readonly CompletedOption[];
}

export interface Word {
  readonly name: string;
  readonly does: string;
}

export interface CompletedOption {
  readonly flag: string;
  readonly does: string;
  readonly takesValue: boolean;
  /** Its values, where it has a few only. */
  readonly values: readonly string[];
}

/** The whole tree of commands, the program itself first. */
export function choicesOf(program: Command): readonly Choices[] {
  const ofAll = optionsOf(program);
  const walk = (command: Command, path: string): Choices[] => {
    const shown = command.commands.filter(({ _hidden }: Command & { _hidden?: boolean }) => _hidden !== true);
    const words = shown.map((verb) => ({ name: verb.name(), does: verb.summary() || verb.description() }));
    const options = command === program ? ofAll : [...optionsOf(command), ...ofAll];
    const below = shown.flatMap((verb) => walk(verb, path === '' ? verb.name() : `${path} ${verb.name()}`));
    return [{ path, words, options }, ...below];
  };
  return walk(program, '');
}

function optionsOf(command: Command): readonly CompletedOption[] {
  return command.options.flatMap(({ long, description, argChoices, required, optional }) =>
    long === null || long === undefined
      ? []
      : [{ flag: long, does: description, takesValue: required || optional, values: argChoices ?? [] }],
  );
}
