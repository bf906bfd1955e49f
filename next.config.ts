import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // `npm test` checks the types of everything; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Native add-ons and what loads files beside itself stay outside the server bundle.
  serverExternalPackages: [
    'onnxruntime-node',
    'sharp',
    'pino',
    '@libsql/client',
    '@prisma/adapter-libsql',
    'better-auth',
    'libheif-js',
    'subset-font',
  ],
};

export default config;
