'use client';

import { ArrowLeft, ScanEye } from 'lucide-react';
import { ThemeProvider } from 'next-themes';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn';
import { THEMES } from '../ui/themes';

/**
 * The frame of the pages around accounts: the workbench's colours, one column, a way back when `wide` (for who is
 * signed in).
 */
export function AccountFrame({
  nonce,
  title,
  wide = false,
  children,
}: {
  nonce: string | undefined;
  title: string;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <ThemeProvider {...THEMES} {...(nonce ? { nonce } : {})}>
      <div className="h-dvh overflow-y-auto">
        <main className={cn('mx-auto px-4 py-8 sm:px-8', wide ? 'max-w-3xl' : 'max-w-sm pt-[12vh]')}>
          <header className="mb-5 flex items-center gap-2">
            <ScanEye className="size-6 text-accent" aria-hidden />
            <h1 className="flex-1 text-xl font-semibold text-strong">{title}</h1>
            {wide ? (
              <Link href="/" className="flex items-center gap-1 text-link hover:underline">
                <ArrowLeft className="size-4" aria-hidden /> Workbench
              </Link>
            ) : null}
          </header>
          {children}
        </main>
      </div>
    </ThemeProvider>
  );
}
