const Sequencer = require('@jest/test-sequencer').default;

/** In a fresh clone jest knows no durations: what runs for a minute begins first, so that it does not run alone at the end. */
const LONGEST = ['test/soak/kill/', 'test/reliability/payments/', 'test/soak/malformed/', 'test/reliability/redis/', 'test/architecture/generator'];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.findIndex((part) => path.includes(part));
      return index === -1 ? LONGEST.length : index;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
