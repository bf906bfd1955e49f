import { ScanEye } from 'lucide-react';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

/**
 * What every page of a link has around it: the theme of the reader's system, a scroll area, and a quiet line about
 * where it comes from.
 */
export function PageFrame({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      themes={['light', 'dark', 'high-contrast']}
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce ? { nonce } : {})}
    >
      <div className="h-dvh overflow-y-auto bg-editor" tabIndex={0} role="region" aria-label="Shared conversation">
        <div className="mx-auto flex min-h-full max-w-3xl flex-col px-4">
          {children}
          <footer className="mt-auto flex items-center gap-2 border-t border-line py-3 text-2xs text-muted">
            <ScanEye className="size-4 text-accent" aria-hidden />
            <span>Made with LookTwice. A model wrote the answers: check what matters before you act on it.</span>
          </footer>
        </div>
      </div>
    </ThemeProvider>
  );
}
