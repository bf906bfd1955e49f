import * as contract from '@/lib/contract';
import { operation, type Group } from '../operation';

export const engineGroups: Group[] = [
  {
    name: 'Engines',
    description: 'Who writes answers: the embedded model, or models elsewhere (docs/engines.md).',
    operations: [
      operation('GET /api/engines', 'read', 'The engines that can be chosen', {
        answer: contract.enginesResponseSchema,
      }),
      operation(
        'POST /api/engines/{name}/consent',
        'administer',
        'Allow an engine for the whole workspace, or take it back',
        {
          body: contract.engineConsentSchema,
          answer: contract.enginesResponseSchema,
        },
      ),
      operation('POST /api/engines/{name}/test', 'administer', 'Ask an engine something short', {
        answer: contract.engineTestSchema,
      }),
    ],
  },
];
