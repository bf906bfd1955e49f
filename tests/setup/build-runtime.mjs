import { ensureRuntime } from '../../scripts/bootstrap.mjs';

/** Tests that start the command line or the engine's thread run what is compiled from the sources at hand. */
export default ensureRuntime;
