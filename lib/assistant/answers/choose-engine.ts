import { findConversation, updateConversation } from '@/lib/database/conversations';
import type { AuditSource } from '@/lib/database/audit';
import type { Owner } from '@/lib/database/owner';
import { hostOf, storedEngine } from '@/lib/engines/config';
import { allow, isAllowed } from '@/lib/engines/consent';
import { type NamedEngine, type RemoteEngine, findEngine } from '@/lib/engines/registry';
import { AppError } from '@/lib/http/app-error';

type Wanted = {
  conversationId: string;
  engine?: string | null | undefined;
  engineOnce?: boolean | undefined;
  allowEngine?: boolean | undefined;
};

export type ChosenEngine = {
  /** The one that was checked, to be asked as it was then. */
  engine: NamedEngine;
  /** Stores the choice and the consent; to be called when the conversation is there, and before anything is sent. */
  keep: () => Promise<void>;
};

function askFirst({ label, config }: RemoteEngine): AppError {
  const what = config.images ? 'Texts and pictures' : 'Texts';
  return new AppError(
    'consent_required',
    `${what} of this conversation would go to ${label} at ${hostOf(config)}: allow it first, or choose another engine`,
  );
}

/**
 * Who writes the answer to a question: the engine that it names, else the conversation's. A remote one must have been
 * allowed, or be allowed with the question.
 * @throws AppError consent_required; EngineError for an engine that there is not
 */
export async function chooseEngine(owner: Owner, wanted: Wanted, source: AuditSource): Promise<ChosenEngine> {
  const { conversationId, engine: named, engineOnce, allowEngine } = wanted;
  const name =
    named === undefined ? ((await findConversation(owner, conversationId))?.engine ?? null) : storedEngine(named);
  const engine = await findEngine(name);
  const isNew = engine.kind === 'remote' && !(await isAllowed(engine, conversationId));
  if (engine.kind === 'remote' && isNew && allowEngine !== true) {
    throw askFirst(engine);
  }
  return {
    engine,
    keep: async () => {
      if (named !== undefined && engineOnce !== true) {
        await updateConversation(owner, conversationId, { engine: name });
      }
      if (engine.kind === 'remote' && isNew) {
        await allow(owner, engine, conversationId, source);
      }
    },
  };
}
