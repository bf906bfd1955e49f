'use client';

import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { Toaster } from 'sonner';
import { noticesShown } from '../ui/notify';

/** Notices at the lower right, as VS Code has them. */
export function Toasts() {
  const { resolvedTheme } = useTheme();
  useEffect(noticesShown, []);
  return (
    <Toaster
      theme={resolvedTheme === 'light' ? 'light' : 'dark'}
      position="bottom-right"
      closeButton
      offset={{ bottom: 36, right: 16 }}
      mobileOffset={{ bottom: 68 }}
      toastOptions={{
        style: {
          background: 'var(--raised)',
          color: 'var(--fg)',
          border: '1px solid var(--line-strong)',
          fontFamily: 'inherit',
        },
      }}
    />
  );
}
