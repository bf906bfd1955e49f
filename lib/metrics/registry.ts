import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { onObservation, type Observation } from '@/lib/engine/telemetry';
import { diskState, jobCounts, lastBackup, queueDepths } from './state';

/** Seconds: from an idle server to a queue of minutes. */
const WAITS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const SPEEDS = [5, 10, 20, 40, 60, 80, 100, 150, 200, 300];

/**
 * What a gauge is asked for when somebody looks; nothing of it is shown while it cannot be told (the database is gone).
 */
function stateGauge<Label extends string>(
  registers: [Registry],
  name: string,
  help: string,
  labelNames: readonly Label[],
  read: () => Promise<readonly { labels: Record<Label, string>; value: number }[]>,
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers,
    async collect() {
      this.reset();
      const values = await read().catch(() => []);
      values.forEach(({ labels, value }) => this.set(labels, value));
    },
  });
}

function observers(registry: Registry): (observation: Observation) => void {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const waits = new Histogram({
    name: 'looktwice_queue_wait_seconds',
    help: 'Time between a request for the model, background work on it or a decoder and its turn',
    labelNames: ['queue'],
    buckets: WAITS,
    registers,
  });
  const firstToken = new Histogram({
    name: 'looktwice_first_token_seconds',
    help: 'Time from the turn of a question to the first word of its answer',
    buckets: WAITS,
    registers,
  });
  const speed = new Histogram({
    name: 'looktwice_tokens_per_second',
    help: 'Speed of writing, of each answer of the built-in model',
    buckets: SPEEDS,
    registers,
  });
  const answers = counter('looktwice_answers_total', 'Answers that were written to their end');
  const tokens = counter('looktwice_tokens_total', 'Tokens written by the built-in model');
  const inspections = counter('looktwice_inspections_total', 'Images that were inspected');
  const errors = counter('looktwice_errors_total', 'Refused requests and failed answers, by code', ['code']);
  const responses = counter('looktwice_http_responses_total', 'Answers to HTTP requests, by status', ['status']);
  return (observation) => {
    switch (observation.what) {
      case 'waited':
        return waits.observe({ queue: observation.queue }, observation.seconds);
      case 'answered':
        answers.inc();
        tokens.inc(observation.tokens);
        if (observation.firstTokenSeconds !== undefined) {
          firstToken.observe(observation.firstTokenSeconds);
        }
        if (observation.tokensPerSecond !== undefined) {
          speed.observe(observation.tokensPerSecond);
        }
        return;
      case 'inspected':
        return inspections.inc();
      case 'refused':
        return errors.inc({ code: observation.code });
      case 'responded':
        return responses.inc({ status: String(observation.status) });
    }
  };
}

/** Everything that is counted, and the process's own numbers (memory, event loop, collections of garbage). */
function makeRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  stateGauge([registry], 'looktwice_queue_waiting', 'What waits for its turn now', ['queue'], queueDepths);
  stateGauge(
    [registry],
    'looktwice_jobs',
    'Imports, batch inspections and draft jobs, by state',
    ['kind', 'state'],
    jobCounts,
  );
  stateGauge([registry], 'looktwice_disk_bytes', 'Bytes of the data directory', ['what'], diskState);
  stateGauge([registry], 'looktwice_last_backup_timestamp_seconds', 'When the last backup was made', [], lastBackup);
  onObservation(observers(registry));
  return registry;
}

const holder = globalThis as typeof globalThis & { looktwiceMetrics?: Registry };

/**
 * The process's one registry; counts from the first call on. Kept on `globalThis`, since every bundle of Next.js has a
 * copy of this module.
 */
export function metrics(): Registry {
  return (holder.looktwiceMetrics ??= makeRegistry());
}
