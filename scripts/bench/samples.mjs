/** The samples of the same peer, row and number of jobs as one row, in the order of the run. */
export function gathered(samples) {
  const rows = new Map();
  for (const { peer, row, count, value, cpu, note } of samples) {
    const key = JSON.stringify([peer, row, count]);
    const known = rows.get(key) ?? { peer, row, count, samples: [] };
    rows.set(key, known);
    if (value !== undefined) known.samples.push(thousandths(value));
    if (cpu !== undefined) known.cpu = [...(known.cpu ?? []), thousandths(cpu)];
    if (note !== undefined) known.note = note;
  }
  return [...rows.values()];
}

const thousandths = (value) => Math.round(value * 1_000) / 1_000;

/** Results with the rows of other results, which replace those of the same peer, row and number of jobs. */
export function joined(before, after) {
  const isReplaced = (row) =>
    after.rows.some((each) => ['peer', 'row', 'count'].every((key) => each[key] === row[key]));
  const isKnown = ({ name }) => before.peers.some((peer) => peer.name === name);
  return {
    ...before,
    peers: [...before.peers, ...after.peers.filter((peer) => !isKnown(peer))],
    rows: [...before.rows.filter((row) => !isReplaced(row)), ...after.rows],
  };
}
