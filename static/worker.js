// The phone's worker, served as /sw.js behind a line that says what to keep ready (`ready`).
// It keeps pages for when there is no signal, and never sends anything: pages do that.
const CACHE = `fieldapp-${ready.version}`;
const LIMIT = 3000;
const STALE = 14 * 86_400_000;
const LIST = "/offline.json";
const SEEN = "/seen";
const KEPT = new Set([...ready.assets, ...ready.always].map((path) => new URL(path, location).href));

const ask = (path) => fetch(path, { credentials: "same-origin", cache: "no-store" });
const look = (cache, path) => cache.match(path, { ignoreVary: true });

/** A page's address without what only fills it in: its place stays. */
function keyOf({ pathname, searchParams }) {
  const place = searchParams.get("page.place");
  return pathname + (place ? `?page.place=${place}` : "");
}

/** Gets everything at once; where one thing fails, what was there before stays in use. */
async function fill() {
  const cache = await caches.open(CACHE);
  const missing = [];
  for (const path of ready.assets) if (!(await look(cache, path))) missing.push(path);
  await cache.addAll(missing);
  for (const path of ready.always) await cache.put(path, await whole(path));
  const list = await ask(LIST);
  if (list.status === 401) return wipe();
  const told = sound(list).clone();
  const { pages } = await list.json();
  const got = [];
  for (const path of pages) got.push([path, await whole(path)]); // the page that is open goes first
  await forget(cache);
  for (const [path, page] of got) await cache.put(path, page);
  await cache.put(LIST, told);
  await seen(cache);
}

let filling = Promise.resolve();

/** One at a time: the one that was asked for last, in the language of then, has the last word. */
const refresh = () => (filling = filling.catch(() => {}).then(fill));

function sound(answer) {
  if (!answer.ok || answer.redirected) throw new Error(`http ${answer.status}`);
  return answer;
}

/** A page read to its end: an answer that nobody reads keeps its connection for itself. */
async function whole(path) {
  const answer = sound(await ask(path));
  return new Response(await answer.blob(), { headers: answer.headers });
}

const seen = (cache) => cache.put(SEEN, new Response(String(Date.now())));

/** Forgets what is of a place, in every version: its pages hold call names. */
async function wipe() {
  for (const name of await caches.keys()) await forget(await caches.open(name));
}

async function forget(cache) {
  for (const { url } of await cache.keys()) {
    if (!KEPT.has(url) && !assetOf(url)) await cache.delete(url, { ignoreVary: true });
  }
}

const assetOf = (url) => new URL(url).pathname.startsWith("/static/");

/** The network first; when it is slow or gone, what was kept. */
async function show(event, url) {
  const network = fetch(event.request);
  event.waitUntil(network.then((answer) => learn(url, answer.clone())).catch(() => {}));
  const late = new Promise((go) => setTimeout(go, LIMIT));
  const first = await Promise.race([network.catch(() => {}), late]);
  if (first && first.status < 500) return first;
  const kept = await find(url);
  return kept || first || network.catch(async () =>
    marked(await look(await caches.open(CACHE), "/offline")));
}

async function learn(url, answer) {
  if (answer.status === 401) return wipe();
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(CACHE);
  if (!(await look(cache, LIST))) return;
  await seen(cache);
  if (keyOf(url) === url.pathname + url.search && (await look(cache, keyOf(url)))) {
    await cache.put(keyOf(url), answer);
  }
}

async function find(url) {
  const cache = await caches.open(CACHE);
  const last = await look(cache, SEEN);
  if (last && Date.now() - Number(await last.text()) > STALE) await wipe();
  const list = await look(cache, LIST);
  const scans = list ? (await list.json()).scans : {};
  const target = scans[url.pathname.toUpperCase()];
  return target ? Response.redirect(target, 302) : marked(await look(cache, keyOf(url)));
}

/** A kept page says that it is one: what it says of today may be of another day. */
async function marked(page) {
  if (!page) return page;
  const text = (await page.text()).replace("<html ", "<html data-cached ");
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": page.headers.get("Content-Security-Policy") } });
}

async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

addEventListener("install", (event) => event.waitUntil(refresh()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (assetOf(url)) {
    if (url.searchParams.has("v")) event.respondWith(asset(request));
  } else if (request.mode === "navigate" && !/^\/(office|pair|api)(\/|$)/.test(url.pathname)) {
    event.respondWith(show(event, url));
  }
});

// Only pages know whether a form is half filled in: they say when this worker may take over.
const ORDERS = { takeover: () => skipWaiting(), refresh, wipe };
addEventListener("message", (event) => {
  const order = ORDERS[event.data];
  if (!order) return;
  const [port] = event.ports;
  event.waitUntil(Promise.resolve(order()).then(
    () => port && port.postMessage("done"),
    () => port && port.postMessage("failed"),
  ));
});
