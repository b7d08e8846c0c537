import { Argument, type Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { examples, type Run } from '../run.ts';
import { completionScript, type ShellName, shells } from './scripts.ts';
import { choicesOf } from './tree.ts';

export function addCompletion(program: Command, run: Run): void {
  program
    .command('completion')
    .summary('Print the completion script of a shell')
    .description('Print the script that completes commands and options with the tabulator key. No server is asked.')
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .addHelpText(
      'after',
      `
For every new shell:
  bash  echo 'source <(clusterlift completion bash)' >> ~/.bashrc
  zsh   echo 'source <(clusterlift completion zsh)' >> ~/.zshrc      (behind compinit)
  fish  clusterlift completion fish > ~/.config/fish/completions/clusterlift.fish
${examples('clusterlift completion bash')}`,
    )
    .action(
      run<[ShellName, object]>(async ({ shell: { out } }, shell) => {
        out.write(completionScript(shell, choicesOf(program)));
        return exitCodes.ok;
      }),
    );
}
