import { useEffect, useRef, useState } from 'react';

/** Words that were finished since the last announcement: up to the last end of a sentence. */
export function newSentences(text: string, said: number): { speech: string; said: number } {
  const match = /^[\s\S]*[.!?](?=\s|$)/.exec(text.slice(said));
  return match ? { speech: match[0].trim(), said: said + match[0].length } : { speech: '', said };
}

/**
 * What a screen reader hears of a streaming answer: whole sentences, at most one announcement in 1.2 s, instead of
 * every token.
 */
export function useAnnouncer(answerId: string | null, text: string, streaming: boolean): string {
  const [speech, setSpeech] = useState('');
  const progress = useRef({ id: '', said: 0 });
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });

  useEffect(() => {
    if (!answerId || !streaming) {
      return;
    }
    if (progress.current.id !== answerId) {
      progress.current = { id: answerId, said: 0 };
    }
    const speak = () => {
      const next = newSentences(latest.current, progress.current.said);
      if (next.speech) {
        progress.current.said = next.said;
        setSpeech(next.speech);
      }
    };
    const timer = setInterval(speak, 1200);
    return () => {
      clearInterval(timer);
      const rest = latest.current.slice(progress.current.said).trim();
      progress.current.said = latest.current.length;
      setSpeech(rest ? `${rest} Answer complete.` : 'Answer complete.');
    };
  }, [answerId, streaming]);

  return speech;
}
