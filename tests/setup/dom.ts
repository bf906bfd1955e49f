import '@testing-library/jest-dom';

// jsdom lays nothing out, so an observer of sizes that never reports is what it would have.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// jsdom draws nothing and says so with a warning each time; no context is what a browser without canvas gives.
HTMLCanvasElement.prototype.getContext = () => null;
