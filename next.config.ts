import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // Native add-ons and what loads files beside itself stay outside the server bundle.
  serverExternalPackages: [
    'onnxruntime-node',
    'sharp',
    'pino',
    '@libsql/client',
    '@prisma/adapter-libsql',
    'better-auth',
  ],
};

export default config;
