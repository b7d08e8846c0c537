/** Completion of the three shells, from the tree of commands. Nothing is asked of a server: completing must never wait. */
import type { Choices, CompletedOption } from './tree.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof shells)[number];

export function completionScript(shell: ShellName, choices: readonly Choices[]): string {
  if (shell === 'fish') return fish(choices);
  return shell === 'bash' ? bash(choices) : zsh(choices);
}

function bash(choices: readonly Choices[]): string {
  return `# clusterlift, completion for bash. Read it in: source <(clusterlift completion bash)
${walker(choices)}
_clusterlift() {
  COMPREPLY=()
  local current="\${COMP_WORDS[COMP_CWORD]}" choices
  _clusterlift_choices "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
  if [ "$choices" = '<file>' ]; then COMPREPLY=($(compgen -f -- "$current")); else COMPREPLY=($(compgen -W "$choices" -- "$current")); fi
}
complete -F _clusterlift clusterlift
`;
}

function zsh(choices: readonly Choices[]): string {
  return `#compdef clusterlift
# clusterlift, completion for zsh. Read it in: source <(clusterlift completion zsh)
${walker(choices)}
_clusterlift() {
  local choices
  _clusterlift_choices "\${(@)words[2,CURRENT-1]}"
  if [[ "$choices" == '<file>' ]]; then _files; else compadd -- \${=choices}; fi
}
if [[ "$funcstack[1]" == _clusterlift ]]; then _clusterlift "$@"; else compdef _clusterlift clusterlift; fi
`;
}

/** Finds the command among the words before the cursor, and sets \`choices\` to what can follow. Runs in bash and zsh. */
function walker(choices: readonly Choices[]): string {
  const valued = flags(choices, ({ takesValue }) => takesValue);
  const ofValues = everyOption(choices).filter(({ values }) => values.length > 0);
  const paths = choices.map(({ path }) => path).filter((path) => path !== '');
  return `_clusterlift_choices() {
  local command='' previous='' word
  for word in "$@"; do
    case "$previous" in ${valued.join('|')}) previous=''; continue ;; esac
    previous="$word"
    case "$word" in -*) continue ;; esac
    case "\${command:+$command }$word" in
${paths.map((path) => `      '${path}')`).join('\n')} command="\${command:+$command }$word" ;;
    esac
  done
  case "$previous" in
${ofValues.map(({ flag, values }) => `    ${flag}) choices='${values.join(' ')}'; return ;;`).join('\n')}
    ${valued.join('|')}) choices='<file>'; return ;;
  esac
  case "$command" in
${choices.map(({ path, words, options }) => `    '${path}') choices='${[...words.map(({ name }) => name), ...options.map(({ flag }) => flag)].join(' ')}' ;;`).join('\n')}
  esac
}`.replaceAll(/'\)\n {6}(?=')/g, "'|");
}

function fish(choices: readonly Choices[]): string {
  const lines = choices.flatMap(({ path, words, options }) => {
    const here = path === '' ? '__fish_use_subcommand' : `__clusterlift_at ${path}`;
    const own = path === '' ? options : options.filter(({ flag }) => !isOfAll(choices, flag));
    return [
      ...words.map(({ name, does }) => `complete -c clusterlift -f -n '${here}' -a ${name} -d ${quoted(does)}`),
      ...own.map((option) => `complete -c clusterlift${path === '' ? '' : ` -n '${here}'`} ${fishOption(option)}`),
    ];
  });
  return `# clusterlift, completion for fish. Read it in: clusterlift completion fish | source
function __clusterlift_at
  set -l words (commandline -opc | string match -v -- '-*')
  test (count $words) -ge (math (count $argv) + 1); and test "$words[2..(math (count $argv) + 1)]" = "$argv"
  and not contains -- "$words[(math (count $argv) + 2)]" (__clusterlift_words $argv)
end
function __clusterlift_words
  switch "$argv"
${choices
  .filter(({ path, words }) => path !== '' && words.length > 0)
  .map(({ path, words }) => `    case '${path}'\n      string split ' ' '${words.map(({ name }) => name).join(' ')}'`)
  .join('\n')}
  end
end
${lines.join('\n')}
`;
}

function fishOption({ flag, does, takesValue, values }: CompletedOption): string {
  const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : ' -f';
  return `-l ${flag.slice(2)}${value} -d ${quoted(does)}`;
}

function isOfAll(choices: readonly Choices[], flag: string): boolean {
  return choices[0]?.options.some((option) => option.flag === flag) === true;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function everyOption(choices: readonly Choices[]): readonly CompletedOption[] {
  const byFlag = new Map(choices.flatMap(({ options }) => options.map((option) => [option.flag, option] as const)));
  return [...byFlag.values()];
}

function flags(choices: readonly Choices[], which: (option: CompletedOption) => boolean): readonly string[] {
  return everyOption(choices)
    .filter(which)
    .map(({ flag }) => flag);
}
