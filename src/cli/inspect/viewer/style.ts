/** Of the page that shows the charts at work: a list, a picture, what happened; light or dark as its reader likes. */
export const STYLE = String.raw`
:root{color-scheme:light dark;--page:#f3f5f8;--card:#fdfdfe;--ink:#0f172a;--soft:#5b6779;--edge:#dde3ec;--pick:#e6ecf5;--focus:#3b82f6;--taken:#c2570c;
--up:#16a34a;--up-fill:#bbf7d0;--busy:#2563eb;--busy-fill:#d3e4fe;--wait:#c98a04;--wait-fill:#fdeaaf;--bad:#dc2626;--bad-fill:#fdd3d3;--idle:#7c8a9e;--idle-fill:#dfe5ee}
@media (prefers-color-scheme:dark){:root{--page:#06090f;--card:#0d1117;--ink:#f1f5f9;--soft:#93a1b5;--edge:#212b3a;--pick:#1b2536;--focus:#60a5fa;--taken:#fb923c;
--up:#4ade80;--up-fill:#14532d;--busy:#60a5fa;--busy-fill:#1e3a6e;--wait:#fbbf24;--wait-fill:#5c430a;--bad:#f87171;--bad-fill:#6b1d1d;--idle:#8b9bb0;--idle-fill:#334155}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;height:100vh;display:grid;grid-template-columns:17rem minmax(0,1fr) 19rem;gap:12px;padding:12px;background:var(--page);color:var(--ink);font:14px/1.45 Helvetica,Arial,"Liberation Sans",sans-serif;--lit:var(--up);--lit-fill:var(--up-fill);--dot:var(--up)}
h1,h2,p{margin:0}h1{font-size:17px;letter-spacing:-.01em}h2{font-size:15px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
nav,main,aside{display:flex;flex-direction:column;background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:14px;min-height:0;min-width:0}
button{font:inherit;color:inherit;cursor:pointer}
:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
#line,#counts,#facts,#quiet,#none,time,.from{color:var(--soft)}
#line,#counts,#none,#quiet{font-size:12px}
#line::before{content:"";display:inline-block;width:7px;height:7px;border-radius:50%;margin-right:6px;background:var(--idle)}
[data-line=live] #line::before{background:var(--up)}[data-line=lost] #line::before{background:var(--wait)}[data-line=ended] #line::before{background:var(--bad)}
#counts{margin-top:2px}
#search{font:inherit;font-size:13px;margin:10px 0 0;padding:5px 8px;width:100%;color:inherit;background:var(--page);border:1px solid var(--edge);border-radius:7px}
#none{margin-top:10px}
ul,ol{list-style:none;margin:0;padding:0}
#charts{margin:8px -6px 0;padding:2px;overflow:auto;flex:0 1 auto;min-height:0}
#charts .daemon{padding-bottom:6px;margin-bottom:6px;border-bottom:1px solid var(--edge)}
#charts button{display:grid;grid-template-columns:10px minmax(0,1fr) auto;gap:8px;align-items:center;width:100%;text-align:left;border:0;border-radius:7px;padding:5px 8px;background:none}
#charts button:hover{background:var(--page)}
#charts button[aria-current=true]{background:var(--pick)}
#charts b{font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
small{font-size:12px;color:var(--soft)}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--dot)}
[data-state=running]{--lit:var(--up);--lit-fill:var(--up-fill);--dot:var(--up)}
:is([data-state=starting],[data-state=testing],[data-state=stopping]){--lit:var(--busy);--lit-fill:var(--busy-fill);--dot:var(--busy)}
:is([data-state=backoff],[data-state=waiting]){--lit:var(--wait);--lit-fill:var(--wait-fill);--dot:var(--wait)}
[data-state=failed]{--lit:var(--bad);--lit-fill:var(--bad-fill);--dot:var(--bad)}
:is([data-state=held],[data-state=stopped],[data-state=finished],[data-state=removed]),[data-line=ended]{--lit:var(--idle);--lit-fill:var(--idle-fill);--dot:var(--idle)}
[data-state=""]{--lit:var(--up);--lit-fill:var(--up-fill);--dot:var(--up)}
[data-line=ended] [data-state]{--dot:var(--idle)}
[data-line=ended][data-state]{--lit:var(--idle);--lit-fill:var(--idle-fill);--dot:var(--idle)}
header{display:grid;grid-template-columns:minmax(0,auto) auto 1fr auto;grid-template-areas:"name state . tools" "facts facts facts tools";column-gap:12px;align-items:baseline;min-height:48px}
#name{grid-area:name}#state{grid-area:state;white-space:nowrap}#facts{grid-area:facts;font-size:12px;min-height:1.45em;font-variant-numeric:tabular-nums;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
#state .dot{margin-right:6px}
#tools{grid-area:tools;display:flex;gap:4px;align-self:start}
#tools button{font-size:12px;line-height:20px;min-width:26px;padding:1px 8px;border:1px solid var(--edge);border-radius:6px;background:none;color:var(--soft)}
#tools button:hover,#tools [aria-pressed=true]{background:var(--pick);color:var(--ink)}
#whole{margin-right:6px}
#picture{flex:1;overflow:auto;min-height:0;margin:6px -8px -8px;display:flex}
#picture>svg{flex:none;margin:auto;max-width:none;max-height:none}
#picture :is(rect,path,polygon){transition:fill .15s,stroke .15s}
aside{gap:8px}
#events{flex:1;overflow:auto;min-height:6rem;font-size:12px;margin:0 -6px;padding:0 6px}
#events li{display:grid;grid-template-columns:minmax(0,1fr) auto;column-gap:8px;padding:5px 0;border-bottom:1px solid var(--edge)}
#events b{grid-area:1/1;font-weight:600;overflow-wrap:anywhere}
#events time{grid-area:1/2;font-variant-numeric:tabular-nums}
#events span{grid-column:1/-1;overflow-wrap:anywhere}
#events .to::before{content:"→ ";color:var(--soft)}
summary{cursor:pointer;font-weight:600;font-size:13px}
pre{font:11px/1.5 ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;max-height:40vh;overflow:auto;margin:6px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
#picture .node.on>rect{fill:var(--lit-fill);stroke:var(--lit);stroke-width:1.8}
#picture .cluster.composite.on>rect{stroke:var(--lit);stroke-width:1.4}
#picture .taken path{stroke:var(--taken);stroke-width:2}
#picture .taken polygon{stroke:var(--taken);fill:var(--taken)}
#picture .taken rect{stroke:var(--taken);stroke-width:1.2}
@media (max-width:75rem){body{grid-template-columns:15rem minmax(0,1fr);grid-template-rows:minmax(0,1fr) 11rem}#events{min-height:0}nav{grid-row:1/3}}
@media (max-width:44rem){body{display:block;height:auto}nav,main,aside{margin-bottom:12px}#charts{max-height:13.5rem}main{height:80vh}#events{max-height:20rem}header{grid-template-columns:minmax(0,1fr) auto;grid-template-areas:"name state" "facts facts" "tools tools";row-gap:4px}}
@media (prefers-reduced-motion:reduce){#picture *{transition:none!important}}
`;
