import { listenToAddress } from './address.ts';
import { charts, chosen, stateWords, toneOfChart } from './charts.ts';
import { byId, setText } from './dom.ts';
import { askEarlier } from './earlier.ts';
import { drawEvents, drawFacts, tick } from './events.ts';
import { drawList, listenToList } from './list.ts';
import { drawPicture, listenToPicture } from './picture.ts';
import { onDraw } from './redraw.ts';
import { followStream } from './stream.ts';

onDraw(draw);
listenToAddress();
listenToList();
listenToPicture();
tick();
followStream();

/** Called when the next daemon does not have the job that was shown. */
function drawGone(): void {
  if (charts.size === 0) return;
  setText(byId('state').lastElementChild, 'removed');
  setText(byId('facts'), '');
  document.body.dataset['tone'] = 'idle';
  document.title = `${byId('name').textContent} removed · overseer`;
}

function draw(): void {
  drawList();
  const chart = charts.get(chosen() ?? '');
  if (chart === undefined) return drawGone();
  const word = stateWords(chart);
  setText(byId('name'), chart.name);
  byId('name').title = chart.name;
  setText(byId('state').lastElementChild, word);
  document.body.dataset['tone'] = toneOfChart(chart);
  document.title = `${chart.name} ${word} · overseer`;
  drawFacts(chart);
  drawPicture(chart);
  askEarlier(chart);
  drawEvents(chart);
  setText(byId('context'), JSON.stringify(chart.snapshot.context, null, 2));
}
