import { type TurnOptions, runTurn } from '../run-turn';
import type { TurnRequest, TurnResult } from '../types';
import { localPerception } from './local-perception';
import { localWriter } from './local-writer';
import type { TurnModels } from './models';

/**
 * A turn that the bundle carries out alone: its experts look, its language model writes.
 * @throws EngineError see `runTurn`
 */
export function runLocalTurn(models: TurnModels, request: TurnRequest, options: TurnOptions): Promise<TurnResult> {
  const { playbook, planner, bundle } = models;
  const parts = { perception: localPerception(models), writer: localWriter(models), playbook, planner, name: bundle };
  return runTurn(parts, request, options);
}
