import dynamic from 'next/dynamic';
import type { ComponentType } from 'react';

const Blank = () => <div className="flex-1" aria-busy />;

/** An editor whose code is loaded when the first tab of its kind opens. */
export function lazyEditor<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return dynamic(load, { ssr: false, loading: Blank });
}
