import { openBundle } from '@/lib/engine/bundle';
import { defaultBundleDirectory } from '@/lib/common/paths';
import type { z } from 'zod';
import type { modelSchema } from './contract';
import { DoorError } from './door-error';

/** The name that always means the installed model. */
const ALIAS = 'looktwice';

type Model = z.infer<typeof modelSchema>;

let opening: Promise<string> | undefined;

/** The installed bundle's name, without waiting until its graphs are loaded. A failure is not kept. */
function bundleName(): Promise<string> {
  opening ??= openBundle(defaultBundleDirectory())
    .then(({ name }) => name)
    .catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

function toModel(id: string): Model {
  const created = Math.floor(Date.now() / 1000 - process.uptime());
  return { id, object: 'model', created, owned_by: 'looktwice' };
}

/** `GET /v1/models`: the installed model under its own name, and the alias for it. */
export async function listModels(): Promise<{ object: 'list'; data: Model[] }> {
  return { object: 'list', data: [ALIAS, await bundleName()].map(toModel) };
}

/**
 * The bundle that a request's `model` means: the alias, the bundle's name, or that without its version.
 * @throws DoorError not_found, naming what there is; EngineError when the model cannot be loaded
 */
export async function requireModel(wanted: string): Promise<string> {
  const bundle = await bundleName();
  if (wanted !== ALIAS && wanted !== bundle && wanted !== bundle.replace(/@[^@]*$/, '')) {
    throw new DoorError(`There is no model ${wanted.slice(0, 100)} here: use ${ALIAS} or ${bundle}`, {
      code: 'not_found',
      param: 'model',
      openAiCode: 'model_not_found',
    });
  }
  return bundle;
}

/** An address's part as text; one that is not well escaped stays as it is. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) {
      return part;
    }
    throw error;
  }
}

/** `GET /v1/models/:id`; clients escape the @ of a bundle's name. */
export async function findModel(escaped: string): Promise<Model> {
  const id = unescaped(escaped);
  await requireModel(id);
  return toModel(id);
}
