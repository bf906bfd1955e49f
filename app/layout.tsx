import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import type { ReactNode } from 'react';
import './globals.css';

const ui = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  variable: '--font-ui',
  display: 'swap',
});

const code = localFont({
  src: '../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  variable: '--font-code',
  display: 'swap',
  preload: false,
});

export const metadata: Metadata = {
  title: 'LookTwice',
  description: 'Finds what is wrong with a part, shows where, and says what to do about it. On your own machine.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f8' },
    { media: '(prefers-color-scheme: dark)', color: '#16181b' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  // The theme is put on <html> before the first paint, which the server cannot know.
  return (
    <html lang="en" className={`${ui.variable} ${code.variable}`} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
