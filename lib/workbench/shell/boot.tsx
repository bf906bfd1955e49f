'use client';

import { ThemeProvider } from 'next-themes';
import dynamic from 'next/dynamic';
import { THEMES } from '../ui/themes';

/** The frame of the workbench while its code loads: same places, same sizes, so that nothing jumps. */
function Frame() {
  return (
    <div className="flex h-dvh flex-col" aria-busy aria-label="LookTwice is starting">
      <div className="h-9 shrink-0 border-b border-line" />
      <div className="flex min-h-0 flex-1">
        <div className="w-12 border-r border-line max-md:hidden" />
        <div className="w-62 border-r border-line max-md:hidden" />
        <div className="flex-1 bg-editor" />
        <div className="w-117 border-l border-line bg-editor max-md:hidden" />
      </div>
      <div className="h-6 shrink-0 border-t border-line" />
    </div>
  );
}

const Workbench = dynamic(() => import('./workbench'), { ssr: false, loading: Frame });

/** Theme and workbench. `nonce` lets the theme's inline script past the content security policy. */
export function Boot({ nonce }: { nonce: string | undefined }) {
  return (
    <ThemeProvider {...THEMES} {...(nonce ? { nonce } : {})}>
      <Workbench />
    </ThemeProvider>
  );
}
