import { Chat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import {
  glancePartSchema,
  newId,
  statusPartSchema,
  type ChatMessage,
  type ChatRequest,
  type ChatSettings,
  type StatusPart,
} from '@/lib/contract';
import { apiErrorOf } from '../client/answers';
import { api, ApiError, OFFLINE_MESSAGE } from '../client/api';
import { announce } from '../client/channel';
import { answeringStore } from '../state/answering';
import { createStore } from '../state/create-store';
import { engineSent, rememberEngine } from '../state/engines';
import { rememberMessages } from '../state/images';
import { layoutStore, linkConversation } from '../state/layout';
import { logOutput } from '../state/output';
import { askEngineRequest, regenerateRequest, repeatRequest, submitRequest, type SessionPart } from './chat-request';
import { reportAnswer } from './report-answer';
import { INITIAL_STATE, type SessionState } from './session-state';
import { withTick } from './tick';
import { branchTo, mergeMessages, newestLeaf, siblingsOf, textOf } from './tree';
import { serverAnswers, waitWhile } from './wait';

const STOP_GRACE_MS = 3000;

/**
 * One open conversation: the branch that is shown (`chat`, an AI SDK chat), the whole tree of branches, and every way
 * to send. The server owns the history; the page sends one message and ids that make a retry the same request.
 */
export class ChatSession {
  readonly id: string;
  readonly chat: Chat<ChatMessage>;
  readonly state = createStore(INITIAL_STATE);
  /** The request in flight or the last one, so that a retry is the very same. */
  #request: ChatRequest | null = null;
  #resuming: string | null = null;
  #stopping = false;
  #loading: Promise<void> | null = null;

  constructor(id: string, isNew: boolean) {
    this.id = id;
    this.chat = new Chat<ChatMessage>({
      id,
      generateId: newId,
      transport: new DefaultChatTransport<ChatMessage>({
        api: '/api/chat',
        prepareSendMessagesRequest: () => ({ body: this.#request ?? {} }),
        prepareReconnectToStreamRequest: () => ({ api: this.#resumeUrl() }),
      }),
      onData: (part) => {
        const status = part.type === 'data-status' ? statusPartSchema.safeParse(part.data) : null;
        if (status?.success) {
          this.#setStatus(status.data);
        }
        const glance = part.type === 'data-glance' ? glancePartSchema.safeParse(part.data) : null;
        if (glance?.success) {
          this.#patch({ glance: glance.data });
        }
      },
      onError: (error) => this.#failed(error),
    });
    if (isNew) {
      this.#patch({ phase: 'ready' });
    }
  }

  get answering(): boolean {
    return this.chat.status === 'submitted' || this.chat.status === 'streaming';
  }

  /** Loads the conversation once; a running answer is joined from its start. */
  load(): Promise<void> {
    this.#loading ??= this.refresh();
    return this.#loading;
  }

  /**
   * Reads the tree from the server again. While an answer streams here only the tree is taken; otherwise the shown
   * branch follows the server too, and an answer that another tab started is joined.
   */
  async refresh(): Promise<void> {
    try {
      const conversation = await api.conversation(this.id);
      // Stored parts are a subset of an AI SDK message's parts; the types differ only in how an absent id is written.
      const tree = conversation.messages as ChatMessage[];
      this.#patch({ phase: 'ready', title: conversation.title, tree });
      rememberEngine(this.id, conversation);
      if (this.answering) {
        return;
      }
      const { running } = conversation;
      this.#show(running ? running.parentId : (conversation.leafId ?? conversation.messages.at(-1)?.id ?? null));
      if (running) {
        await this.#resume(running.messageId);
      }
    } catch (error) {
      this.#loading = null;
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (error.status === 404 && this.state.get().phase === 'loading') {
        this.#patch({ phase: 'missing' });
      } else if (this.state.get().phase === 'loading') {
        this.#patch({ phase: 'failed', error });
      } else if (error.status !== 404) {
        this.#patch({ error });
      }
    }
  }

  /**
   * Sends a message after the branch that is shown, or after `parentId` (an edit: the parent of the edited message).
   */
  async submit(
    parts: SessionPart[],
    images: ChatMessage['parts'],
    parentId = this.chat.messages.at(-1)?.id ?? null,
  ): Promise<void> {
    const id = newId();
    const text = parts.filter((part) => part.type === 'text');
    const message: ChatMessage = {
      id,
      role: 'user',
      parts: [...images, ...text],
      metadata: { parentId, createdAt: new Date().toISOString(), state: 'complete' },
    };
    this.#request = submitRequest(this.id, id, parts, parentId);
    await this.#send(message);
  }

  /** Asks an earlier question again with other words; its images stay. The former question remains as a branch. */
  async edit(message: ChatMessage, text: string): Promise<void> {
    const images = message.parts.filter((part) => part.type === 'data-image');
    const parts: SessionPart[] = [
      ...images.map(({ data }) => ({ type: 'data-image' as const, data: { imageId: data.imageId, role: data.role } })),
      { type: 'text', text },
    ];
    const parentId = message.metadata?.parentId ?? null;
    await this.submit(parts, [...images, { type: 'text', text }], parentId);
  }

  /**
   * Writes another answer to the same question, e.g. compared with another part. The former answer remains as a branch.
   */
  async regenerate(answer: ChatMessage, change: Pick<ChatSettings, 'part'> = {}): Promise<void> {
    const parentId = answer.metadata?.parentId ?? null;
    if (parentId === null) {
      return;
    }
    this.#request = regenerateRequest(this.id, parentId, change);
    await this.#send(null);
  }

  /**
   * Lets another engine answer a question as well; the conversation's own engine stays what it is. `allow`: the person
   * lets it be sent this conversation.
   */
  async askAlso(questionId: string, engine: string | null, allow: boolean): Promise<void> {
    this.#request = askEngineRequest(this.id, questionId, engine, allow);
    await this.#send(null);
  }

  /** Sends the failed request again; the server recognises it by its ids. */
  async retry(): Promise<void> {
    const request = this.#request;
    if (!request) {
      await this.refresh();
      return;
    }
    if (request.trigger === 'submit' && (await this.#reached(request.message.id))) {
      // The question was stored and its answer failed: that answer is over, another is wanted.
      this.#request = regenerateRequest(this.id, request.message.id);
      await this.#send(null);
      return;
    }
    const asked = repeatRequest(request);
    const isOver = request.trigger === 'regenerate' && (await this.#reached(request.answerId));
    this.#request = isOver ? { ...asked, answerId: newId() } : asked;
    await this.#resend();
  }

  /** Stops the answer. The server ends the stream within a token and keeps what was written. */
  async stop(): Promise<void> {
    if (!this.answering || this.#stopping) {
      return;
    }
    this.#stopping = true;
    try {
      await api.stop(this.id);
      await waitWhile(() => this.answering, STOP_GRACE_MS);
    } catch (error) {
      this.#patch({ error: error instanceof ApiError ? error : null });
    } finally {
      if (this.answering) {
        await this.chat.stop();
      }
      this.#stopping = false;
    }
  }

  /** Shows the branch next to `message` (step 1) or before it (-1). */
  switchBranch(message: ChatMessage, step: 1 | -1): void {
    const { tree } = this.state.get();
    const siblings = siblingsOf(tree, message);
    const sibling = siblings[siblings.findIndex(({ id }) => id === message.id) + step];
    if (!sibling || this.answering) {
      return;
    }
    const leafId = newestLeaf(tree, sibling.id);
    this.#show(leafId);
    void api.patchConversation(this.id, { leafId }).then(
      () => announce({ kind: 'changed', conversationId: this.id }),
      (error: unknown) => logOutput('chat', `The shown branch could not be remembered: ${String(error)}`, 'warning'),
    );
  }

  /** Ticks an item of a checklist here and on the server; an error puts it back. */
  async tick(messageId: string, itemId: string, done: boolean): Promise<void> {
    this.#tickLocally(messageId, itemId, done);
    try {
      await api.tick({ messageId, itemId, done });
      announce({ kind: 'changed', conversationId: this.id });
    } catch (error) {
      this.#tickLocally(messageId, itemId, !done);
      throw error;
    }
  }

  setTitle(title: string): void {
    this.#patch({ title });
  }

  dismissError(): void {
    this.#patch({ error: null });
    this.chat.clearError();
  }

  #patch(change: Partial<SessionState>): void {
    this.state.set((state) => ({ ...state, ...change }));
  }

  #show(leafId: string | null): void {
    this.chat.messages = branchTo(this.state.get().tree, leafId);
    this.#patch({ started: this.chat.messages.length > 0 });
    rememberMessages(this.id, this.chat.messages);
  }

  /** Follows the stream of an answer to its end, and says meanwhile to the rest of the page that one is written. */
  async #answer(follow: () => Promise<void>): Promise<void> {
    answeringStore.set((all) => ({ ...all, [this.id]: true }));
    try {
      await follow();
    } finally {
      answeringStore.set((all) => ({ ...all, [this.id]: this.answering }));
    }
  }

  #resumeUrl(): string {
    const answer = this.#resuming ? `?answer=${encodeURIComponent(this.#resuming)}` : '';
    return `/api/chat/${encodeURIComponent(this.id)}/stream${answer}`;
  }

  async #send(message: ChatMessage | null): Promise<void> {
    const request = this.#request;
    if (!request || this.answering) {
      return;
    }
    this.#patch({ error: null, status: null, glance: null });
    this.chat.clearError();
    if (message) {
      this.#patch({ tree: mergeMessages(this.state.get().tree, [message]) });
    }
    announce({ kind: 'running', conversationId: this.id });
    if (layoutStore.get().conversationId === this.id) {
      linkConversation(this.id);
    }
    this.chat.messages = branchTo(this.state.get().tree, request.parentId ?? null);
    if (message) {
      this.#patch({ started: true });
      logOutput('chat', `Asked: ${textOf(message)}`);
      rememberMessages(this.id, [message]);
      await this.#answer(() => this.chat.sendMessage(message));
    } else {
      await this.#answer(() => this.chat.regenerate());
    }
    await this.#finished();
  }

  async #resend(): Promise<void> {
    const request = this.#request;
    if (request?.trigger === 'submit') {
      await this.#send(this.state.get().tree.find(({ id }) => id === request.message.id) ?? null);
    } else if (request) {
      await this.#send(null);
    }
  }

  /** Whether the server has a message: the page's own tree has every question, sent well or not. */
  async #reached(messageId: string | undefined): Promise<boolean> {
    try {
      return (await api.conversation(this.id)).messages.some(({ id }) => id === messageId);
    } catch (error) {
      if (error instanceof ApiError) {
        return false;
      }
      throw error;
    }
  }

  async #resume(answerId: string): Promise<void> {
    this.#resuming = answerId;
    await this.#answer(() => this.chat.resumeStream());
    this.#resuming = null;
    await this.#finished();
  }

  /** After a stream ended, well or not: the server's tree is what counts. */
  async #finished(): Promise<void> {
    if (this.answering || this.state.get().reconnecting) {
      return;
    }
    this.#patch({ status: null, glance: null });
    const answer = this.chat.messages.at(-1);
    if (answer?.role === 'assistant') {
      this.#patch({ tree: mergeMessages(this.state.get().tree, this.chat.messages) });
      reportAnswer(answer, this.chat.messages.at(-2));
    }
    rememberMessages(this.id, this.chat.messages);
    if (this.chat.status !== 'error') {
      // An answer that another tab asked for took nothing that was chosen here.
      if (this.#request !== null && this.#request.engineOnce !== true && answer?.id === this.#request.answerId) {
        engineSent(this.id, this.#request);
      }
      await this.refresh();
    }
    announce({ kind: 'changed', conversationId: this.id });
  }

  #setStatus(status: StatusPart): void {
    const before = this.state.get().status;
    this.#patch({ status });
    if (before?.stage !== status.stage) {
      logOutput(
        'engine',
        status.stage === 'queued' ? `Queued at position ${status.position ?? '?'}` : `Stage: ${status.stage}`,
      );
    }
  }

  #failed(error: Error): void {
    if (this.#stopping) {
      return;
    }
    const known = error.message.startsWith('{') ? apiErrorOf(0, error.message) : null;
    if (known) {
      logOutput('chat', known.message, 'error');
      this.#patch({ error: known, status: null });
      return;
    }
    if (error instanceof TypeError || /network|fetch|load failed|disconnect|aborted/i.test(error.message)) {
      this.#patch({ reconnecting: true });
      void this.#reconnect();
      return;
    }
    logOutput('chat', error.message, 'error');
    this.#patch({ error: { message: error.message, code: 'unexpected' }, status: null });
  }

  /**
   * The connection broke: waits for the server, then joins the answer where it is, or asks again if it never arrived.
   */
  async #reconnect(): Promise<void> {
    logOutput('connection', OFFLINE_MESSAGE, 'warning');
    await serverAnswers();
    logOutput('connection', 'The server answers again.');
    this.chat.clearError();
    this.#patch({ reconnecting: false });
    const request = this.#request;
    await this.refresh();
    const stored = this.state.get().tree.some((message) => message.id === request?.answerId);
    if (request && !stored && !this.answering) {
      await this.#resend();
    }
  }

  #tickLocally(messageId: string, itemId: string, done: boolean): void {
    this.#patch({ tree: withTick(this.state.get().tree, messageId, itemId, done) });
    this.chat.messages = withTick(this.chat.messages, messageId, itemId, done);
  }
}
