/** Of the page that shows the charts at work: a list, a picture, what happened; light or dark as its reader likes. */
export const VIEWER_STYLE = String.raw`
:root{color-scheme:light dark;--page:#f4f6f9;--card:#fdfdfe;--ink:#0f172a;--soft:#5b6779;--edge:#d8dee8;--pick:#e3e9f2;--lit:#bbf7d0;--lit-soft:#ecfdf3;--lit-line:#16a34a;--taken:#d97706}
@media (prefers-color-scheme:dark){:root{--page:#06090f;--card:#0d1117;--ink:#f1f5f9;--soft:#93a1b5;--edge:#253041;--pick:#1b2536;--lit:#14532d;--lit-soft:#0d2318;--lit-line:#4ade80;--taken:#fbbf24}}
*{box-sizing:border-box}
body{margin:0;height:100vh;display:grid;grid-template-columns:minmax(180px,16rem) 1fr minmax(220px,20rem);gap:12px;padding:12px;background:var(--page);color:var(--ink);font:14px/1.45 Helvetica,Arial,"Liberation Sans",sans-serif}
h1,h2,p{margin:0}h1{font-size:18px}h2{font-size:15px}
nav,main,aside{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:12px;min-height:0;overflow:auto}
#line,#state,time,.from{color:var(--soft)}
#line{font-size:12px;margin-bottom:8px}
ul,ol{list-style:none;margin:0;padding:0}
nav button{display:block;width:100%;text-align:left;border:0;border-radius:6px;padding:5px 8px;background:none;color:inherit;font:inherit;cursor:pointer}
nav button:hover,nav button[aria-current=true]{background:var(--pick)}
nav button b{display:block;font-weight:600;overflow:hidden;text-overflow:ellipsis}
nav button small{display:block;color:var(--soft)}
nav button.over{opacity:.5}
main{display:flex;flex-direction:column;gap:8px}
header{display:flex;align-items:baseline;gap:12px}
header label{margin-left:auto;font-size:12px;color:var(--soft)}
#picture{flex:1;overflow:auto;min-height:0;text-align:center}
#picture svg{max-width:100%;max-height:100%}
#picture.whole svg{max-width:none;max-height:none}
aside{display:flex;flex-direction:column;gap:8px}
#events{flex:1;overflow:auto;min-height:6rem;font-size:12px}
#events li{padding:3px 0;border-bottom:1px solid var(--edge)}
#events b{font-weight:600}
#events time{float:right;font-variant-numeric:tabular-nums}
pre{font-size:11px;max-height:40vh;overflow:auto;margin:6px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
#picture .on>path{fill:var(--lit);stroke:var(--lit-line);stroke-width:1.6}
#picture .cluster.on>path{fill:var(--lit-soft)}
#picture .region.on>path{fill:var(--card);stroke-width:1}
#picture .taken path{stroke:var(--taken);stroke-width:2}
#picture .taken polygon{stroke:var(--taken);fill:var(--taken)}
@media (max-width:60rem){body{grid-template-columns:1fr;height:auto}main{min-height:70vh}}
`;
