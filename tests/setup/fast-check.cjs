/**
 * The property tests' library with one seed, so that `npm test` tries the same inputs on every machine and a failure is the change's own. `npm run test:full` draws new ones each time; what it finds becomes a case.
 */
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

if (!process.env.LOOKTWICE_FULL_TESTS) {
  fastCheck.configureGlobal({ ...fastCheck.readConfigureGlobal(), seed: 20_261_130 });
}

module.exports = fastCheck;
