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

/** Results with the rows and peers that only other results have. */
export function joined(before, after) {
  const isIn = (list, keys) => (one) => list.some((each) => keys.every((key) => each[key] === one[key]));
  const isKnownRow = isIn(before.rows, ['peer', 'row', 'count']);
  const isKnownPeer = isIn(before.peers, ['name']);
  return {
    ...before,
    peers: [...before.peers, ...after.peers.filter((peer) => !isKnownPeer(peer))],
    rows: [...before.rows, ...after.rows.filter((row) => !isKnownRow(row))],
  };
}
