import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // Pictures are private and have routes that ask who may see them (lib/serve/gatekeeper refuses the optimiser's
  // address).
  images: { unoptimized: true },
  // `npm test` checks the types of everything; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Native add-ons and what loads files beside itself stay outside the server bundle.
  serverExternalPackages: [
    'onnxruntime-node',
    'sharp',
    'pino',
    '@libsql/client',
    '@prisma/adapter-libsql',
    '@prisma/adapter-pg',
    'pg',
    'better-auth',
    'libheif-js',
    'subset-font',
    'prom-client',
  ],
};

export default config;
