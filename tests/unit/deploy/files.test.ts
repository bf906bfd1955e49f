import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { settings } from '@/lib/env/settings';

const read = (name: string) => readFileSync(join('deploy', name), 'utf8');
const manifests: unknown[] = parseAllDocuments(read('kubernetes.yaml'), { uniqueKeys: true }).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS() as unknown;
});

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.literal('http') }),
  periodSeconds: z.number().int(),
  timeoutSeconds: z.number().int().optional(),
  failureThreshold: z.number().int().optional(),
});
const container = z.object({
  ports: z.tuple([z.strictObject({ name: z.literal('http'), containerPort: z.literal(3000) })]),
  env: z.array(z.object({ name: z.string() })),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
});
const deployment = z.object({
  kind: z.literal('Deployment'),
  spec: z.object({
    // Two servers cannot share a data directory (lib/engine: the directory's lock).
    replicas: z.literal(1),
    strategy: z.strictObject({ type: z.literal('Recreate') }),
    template: z.object({
      spec: z.object({
        securityContext: z.object({ runAsNonRoot: z.literal(true) }),
        containers: z.tuple([container]),
        volumes: z.array(z.object({ name: z.string() })),
      }),
    }),
  }),
});

const found = deployment.parse(
  manifests.find((one) => z.object({ kind: z.literal('Deployment') }).safeParse(one).success),
);
const [served] = found.spec.template.spec.containers;

test('the manifest sets nothing that the product does not read, and mounts what it declares', () => {
  const known = new Set(Object.keys(settings));
  expect(served.env.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const volumes = found.spec.template.spec.volumes.map(({ name }) => name).sort();
  expect(served.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes);
});

test('probes ask addresses that exist', () => {
  const paths = [served.startupProbe, served.livenessProbe, served.readinessProbe].map(({ httpGet }) => httpGet.path);
  expect(paths).toEqual(['/healthz', '/healthz', '/readyz']);
  for (const path of paths) {
    expect(existsSync(join('app', path, 'route.ts'))).toBe(true);
  }
});

test('image, compose file and manifest agree on port, data and the time to finish', () => {
  const [image, compose, unit] = ['Dockerfile', 'compose.yml', 'looktwice.service'].map(read);
  expect(image).toMatch(/^USER node$/m);
  expect(image).toMatch(/^EXPOSE 3000$/m);
  expect(image).toMatch(/LOOKTWICE_DATA=\/data$/m);
  expect(compose).toContain('data:/data');
  expect(served.volumeMounts).toContainEqual({ name: 'data', mountPath: '/data' });
  expect(compose).toContain('stop_grace_period: 60s');
  expect(unit).toContain('TimeoutStopSec=60');
  expect(read('kubernetes.yaml')).toContain('terminationGracePeriodSeconds: 60');
});

test('what the image copies is there', () => {
  const copied = [...read('Dockerfile').matchAll(/(?:node|CMD \["node",) "?((?:deploy|scripts)\/[\w-]+\.mjs)/g)];
  const files = copied.map(([, file = '']) => file);
  expect(files.sort()).toEqual(['deploy/healthcheck.mjs', 'deploy/stage.mjs', 'scripts/start.mjs']);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
