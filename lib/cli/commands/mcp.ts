import type { Command } from 'commander';
import { interruptSignal } from '../engine';
import { withOwner } from '../local-owner';

/** `looktwice mcp`: the tools for agents over standard input and output, e.g. for VS Code. */
export function registerMcp(program: Command): void {
  program
    .command('mcp')
    .description('serve the tools of LookTwice to an agent (Model Context Protocol) over standard input and output')
    .action(serve);
}

/** Serves until the client closes the input, or a signal comes. Standard output belongs to the protocol alone. */
async function serve(): Promise<void> {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const { createMcpServer } = await import('@/lib/mcp/server');
  const { getEngine } = await import('@/lib/engine/worker/client');
  const { imageChecker } = await import('@/lib/vision/checker/pool');
  await withOwner(async (owner) => {
    const signal = interruptSignal();
    const server = createMcpServer({ owner, allowsPaths: true, signal });
    const transport = new StdioServerTransport();
    const closed = new Promise<void>((resolve) => {
      server.server.onclose = resolve;
      signal.addEventListener('abort', () => resolve());
      process.stdin.once('end', () => resolve());
    });
    await server.connect(transport);
    try {
      await closed;
    } finally {
      await server.close();
      await getEngine().close();
      imageChecker().close();
    }
  });
}
