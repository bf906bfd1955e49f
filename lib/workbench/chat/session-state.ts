import type { ChatMessage, GlancePart, StatusPart } from '@/lib/contract';
import type { ApiError } from '../client/api';

/** What the page knows of an open conversation. */
export type SessionState = {
  /** `missing`: the address names a conversation that does not exist (any more). */
  phase: 'loading' | 'ready' | 'missing' | 'failed';
  title: string;
  /** The branch that is shown has a message. */
  started: boolean;
  /** Every message of every branch that the server has, parents first. */
  tree: ChatMessage[];
  /** What the server does before the first word comes. */
  status: StatusPart | null;
  /** The first look at the image of the answer that is being written. */
  glance: GlancePart | null;
  error: { message: string; code: ApiError['code'] } | null;
  /** The way to the server is lost in the middle of an answer; it is being tried again. */
  reconnecting: boolean;
};

export const INITIAL_STATE: SessionState = {
  phase: 'loading',
  title: '',
  started: false,
  tree: [],
  status: null,
  glance: null,
  error: null,
  reconnecting: false,
};
