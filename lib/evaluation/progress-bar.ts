import { type EvaluationProgress } from './run';

const BAR_CELLS = 30;

/**
 * A progress bar on a terminal, one line per tenth elsewhere (logs).
 *
 * @param stream standard error, so that standard output stays clean for results
 */
export function progressBar(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
  now: () => number = () => performance.now(),
): { update: (progress: EvaluationProgress) => void; end: () => void } {
  const started = now();
  let firstDone: number | undefined;
  let lastTenth = -1;
  let drawn = false;
  return {
    update({ done, total, category }) {
      firstDone ??= done;
      const share = total === 0 ? 1 : done / total;
      const fresh = done - firstDone;
      const left = fresh > 0 ? ((now() - started) / fresh) * (total - done) : undefined;
      const text = `${done}/${total} (${Math.floor(share * 100)} %)${left === undefined ? '' : `, ${formatDuration(left)} left`}, ${printable(category)}`;
      if (stream.isTTY) {
        const filled = Math.round(share * BAR_CELLS);
        stream.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${text}`);
        drawn = true;
      } else if (Math.floor(share * 10) > lastTenth) {
        lastTenth = Math.floor(share * 10);
        stream.write(`${text}\n`);
      }
    },
    end() {
      if (drawn) {
        stream.write('\n');
      }
    },
  };
}

function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Folder names are outside data: no control characters may reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 40);
}
