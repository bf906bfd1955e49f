'use client';

import { GitFork } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api, ApiError } from '../client/api';
import { Button } from '../ui/button';

/** Copies the shared conversation into the reader's own workspace and opens it there. */
export function ForkButton({ token }: { token: string }) {
  const [state, setState] = useState<'idle' | 'busy' | { problem: string }>('idle');
  const router = useRouter();
  const fork = async () => {
    setState('busy');
    try {
      const { conversationId } = await api.forkShare(token);
      router.push(`/?c=${encodeURIComponent(conversationId)}`);
    } catch (error) {
      setState({ problem: error instanceof ApiError ? error.message : String(error) });
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button variant="primary" disabled={state === 'busy'} onClick={() => void fork()}>
        <GitFork aria-hidden />
        Continue in my workspace
      </Button>
      <p role="status" className="text-xs text-high">
        {typeof state === 'object' ? state.problem : ''}
      </p>
    </div>
  );
}
