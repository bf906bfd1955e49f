import { z } from 'zod';
import { benchmarkIdPattern } from './benchmark-id';
import { reportSchema } from './report';

/**
 * The registered evaluation runs as the workbench sees them; no Node in here, the browser checks answers with these
 * schemas.
 */

/** What a list of runs shows. */
export const benchmarkSummarySchema = reportSchema
  .pick({ dataset: true, detector: true, options: true, mean: true })
  .extend({
    id: z.string().regex(benchmarkIdPattern),
    finished: z.iso.datetime(),
    normal: z.int().nonnegative(),
    anomalous: z.int().nonnegative(),
    categories: z.int().nonnegative(),
    problems: z.int().nonnegative(),
  });
export type BenchmarkSummary = z.infer<typeof benchmarkSummarySchema>;

/** An example's two pictures are fetched by `index` and name. */
export const benchmarkExampleSchema = reportSchema.shape.images.element.extend({ end: z.enum(['best', 'worst']) });
export type BenchmarkExample = z.infer<typeof benchmarkExampleSchema>;

export const benchmarkListSchema = z.object({ benchmarks: z.array(benchmarkSummarySchema) });

/** A whole run: its report, and the best and worst judged images, whose position here is their index. */
export const benchmarkSchema = z.object({
  id: z.string().regex(benchmarkIdPattern),
  report: reportSchema,
  examples: z.array(benchmarkExampleSchema),
});
export type Benchmark = z.infer<typeof benchmarkSchema>;
