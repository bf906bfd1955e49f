const { TestEnvironment } = require('jest-environment-jsdom');

const MISSING_IN_JSDOM = [
  'structuredClone',
  'fetch',
  'Request',
  'Response',
  'Headers',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'TextEncoder',
  'TextDecoder',
  'TextDecoderStream',
  'Uint8Array',
];

/** jsdom lacks the web-stream and fetch globals that every browser has; they come from Node. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of MISSING_IN_JSDOM) {
      this.global[name] ??= globalThis[name];
    }
  }
};
