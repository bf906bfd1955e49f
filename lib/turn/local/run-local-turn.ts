import { type TurnOptions, runTurn } from '../run-turn';
import type { TurnEvent, TurnRequest, TurnResult } from '../types';
import { isWriting } from '../writing';
import { localPerception } from './local-perception';
import { localWriter } from './local-writer';
import type { TurnModels } from './models';

/**
 * A turn that the bundle carries out alone: its experts look, its language model writes. While it looks and reads,
 * answers of those who have many more under way stand still.
 * @throws EngineError see `runTurn`
 */
export async function runLocalTurn(
  models: TurnModels,
  request: TurnRequest,
  options: TurnOptions,
): Promise<TurnResult> {
  const { playbook, planner, bundle, language } = models;
  const { underWay = 1 } = request;
  const writer = localWriter(models, underWay);
  const parts = { perception: localPerception(models), writer, playbook, planner, name: bundle };
  const letOthersGoOn = language.goFirst?.(underWay);
  const emit = (event: TurnEvent) => {
    if (isWriting(event)) {
      letOthersGoOn?.();
    }
    options.emit(event);
  };
  try {
    return await runTurn(parts, request, { ...options, emit });
  } finally {
    letOthersGoOn?.();
  }
}
