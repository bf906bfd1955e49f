import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { hasConsent, listConsents, putConsent, removeWorkspaceConsent } from '@/lib/database/engine-consents';
import type { Owner } from '@/lib/database/owner';
import { hostOf } from './config';
import { type NamedEngine, type RemoteEngine, listEngines } from './registry';

/**
 * What a consent is bound to: at another address, or with pictures where there were none, the engine is another one,
 * and is asked for again.
 */
export const addressOf = ({ config }: RemoteEngine) => (config.images ? config.url : `${config.url}, without pictures`);

/** Whether an engine may be sent what a conversation holds; the embedded one sends nothing anywhere. */
export async function isAllowed(engine: NamedEngine, conversationId: string): Promise<boolean> {
  return engine.kind === 'embedded' || hasConsent(engine.name, addressOf(engine), conversationId);
}

/**
 * Notes that a person lets an engine be sent what a conversation holds (or, with null, what any conversation holds),
 * and puts it in the audit log. The conversation must be there.
 */
export async function allow(
  owner: Owner,
  engine: RemoteEngine,
  conversationId: string | null,
  source: AuditSource,
): Promise<void> {
  const { name: engineName, config } = engine;
  await putConsent(owner.userId, { engine: engineName, address: addressOf(engine), conversationId });
  await recordAudit({
    ...source,
    actorId: owner.userId,
    action: 'engine.allow',
    targetType: conversationId === null ? 'workspace' : 'conversation',
    targetId: conversationId ?? 'all',
    detail: { engine: engineName, host: hostOf(config), model: config.model, images: config.images },
  });
}

/** Whether the workspace lets an engine be sent what any conversation or data set holds. */
export async function isAllowedEverywhere(engine: RemoteEngine): Promise<boolean> {
  return hasConsent(engine.name, addressOf(engine), null);
}

/**
 * Puts in the audit log that a person lets an engine be sent the pictures of a data set; the job that sends them notes
 * where.
 */
export async function noteSetConsent(
  owner: Owner,
  { name, config }: RemoteEngine,
  datasetId: string,
  source: AuditSource,
): Promise<void> {
  await recordAudit({
    ...source,
    actorId: owner.userId,
    action: 'engine.allow',
    targetType: 'dataset',
    targetId: datasetId,
    detail: { engine: name, host: hostOf(config), model: config.model, images: config.images },
  });
}

/** Takes back what was allowed for the workspace; what single conversations were allowed stays. */
export async function disallow(owner: Owner, engine: RemoteEngine, source: AuditSource): Promise<void> {
  if (await removeWorkspaceConsent(engine.name)) {
    await recordAudit({
      ...source,
      actorId: owner.userId,
      action: 'engine.disallow',
      targetType: 'workspace',
      targetId: 'all',
      detail: { engine: engine.name },
    });
  }
}

/** Names of the engines that a conversation's contents may be sent to; with null, those that are allowed everywhere. */
export async function allowedEngines(conversationId: string | null): Promise<string[]> {
  const consents = await listConsents(conversationId);
  if (consents.length === 0) {
    return [];
  }
  const engines = await listEngines().catch(() => []);
  return engines.flatMap((engine) =>
    engine.kind === 'remote' &&
    consents.some((consent) => consent.engine === engine.name && consent.address === addressOf(engine))
      ? [engine.name]
      : [],
  );
}
