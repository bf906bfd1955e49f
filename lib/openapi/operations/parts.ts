import * as contract from '@/lib/parts/contract';
import { json, nothing, operation, type Group } from '../operation';

const part = '/api/parts/{id}';

export const partGroups: Group[] = [
  {
    name: 'Parts',
    description:
      'What is inspected again and again, with images of what it looks like when it is good (docs/parts.md).',
    operations: [
      operation('GET /api/parts', 'read', 'List parts', { answer: contract.partListSchema }),
      operation('POST /api/parts', 'curate', 'Make a part, with good samples', {
        body: contract.createPartSchema,
        answers: [json(201, 'The part', contract.partDetailSchema)],
      }),
      operation(`GET ${part}`, 'read', 'A part with its samples, corrections and threshold', {
        answer: contract.partDetailSchema,
      }),
      operation(`PATCH ${part}`, 'curate', 'Change a part; refused when it changed since `version`', {
        body: contract.changePartSchema,
        answer: contract.partDetailSchema,
      }),
      operation(`DELETE ${part}`, 'curate', 'Delete an own part; its images stay', { answers: [nothing(204, 'Gone')] }),
      operation(`POST ${part}/samples`, 'curate', 'Add samples: images, or the accepted normals of a data set', {
        body: contract.addSamplesSchema,
        answers: [json(201, 'The part', contract.partDetailSchema)],
      }),
      operation(`DELETE ${part}/samples/{imageId}`, 'curate', 'Take a sample away; the image stays', {
        answer: contract.partDetailSchema,
      }),
      operation(`POST ${part}/outlook`, 'review', 'What a correction would do to the threshold; nothing is stored', {
        body: contract.previewCorrectionSchema,
        answer: contract.previewSchema,
      }),
      operation(`POST ${part}/corrections`, 'review', 'Say that a verdict was wrong, or right', {
        body: contract.correctionSchema,
        answers: [json(201, 'What it did', contract.previewSchema)],
      }),
      operation(`DELETE ${part}/corrections/{correctionId}`, 'review', 'Take a correction back', {
        answer: contract.partDetailSchema,
      }),
    ],
  },
];
