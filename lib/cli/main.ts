import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json';
import { messageOf } from '@/lib/common/message-of';
import { settingProblems } from '@/lib/env/check';
import { registerAsk } from './commands/ask';
import { registerBench } from './commands/bench';
import { registerBundle } from './commands/bundle';
import { registerDataset } from './commands/dataset';
import { registerDb } from './commands/db';
import { registerEngines } from './commands/engines';
import { registerEval } from './commands/eval';
import { registerEvalAnswers } from './commands/eval-answers';
import { registerInspect } from './commands/inspect';
import { registerMcp } from './commands/mcp';
import { registerPart } from './commands/part';
import { registerUsers } from './commands/users';
import { closeEngine } from './engine';
import { UsageError } from './usage-error';

/** Exit codes (FIXED): done, failure, wrong usage. */
const EXIT = { done: 0, failure: 1, usage: 2 } as const;

function buildProgram(): Command {
  const program = new Command('looktwice')
    .description('a visual anomaly assistant that looks twice, on your own machine')
    .version(packageJson.version)
    .exitOverride()
    .showSuggestionAfterError();
  for (const register of [
    registerAsk,
    registerInspect,
    registerEval,
    registerEvalAnswers,
    registerBench,
    registerBundle,
    registerEngines,
    registerDataset,
    registerPart,
    registerDb,
    registerUsers,
    registerMcp,
  ]) {
    register(program);
  }
  return program;
}

/**
 * Runs the command line.
 * @param argv the arguments without the program's name
 * @returns the exit code; messages go to stderr, one line per error
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that went away (`| head`) ends the command without a complaint.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.failure));
  const problems = settingProblems();
  if (problems.length > 0) {
    process.stderr.write(problems.map((problem) => `looktwice: ${problem}\n`).join(''));
    return EXIT.failure;
  }
  try {
    await buildProgram().parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Commander has already written its own message, or the help that was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    process.stderr.write(`looktwice: ${messageOf(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  } finally {
    await closeEngine();
  }
}
