// What the pages do in a browser: copy a text, and make a call with the key that the page shows.

const key = document.querySelector('[data-key]')?.dataset.key;
const kept = new Map();

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    const said = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = said;
    }, 1_200);
  });
}

for (const call of key ? document.querySelectorAll('.call[data-method]') : []) {
  const button = call.querySelector('.run');
  button.hidden = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await make(call);
    } finally {
      button.disabled = false;
    }
  });
}

// A link cannot send the key: what needs it is fetched and shown in place.
for (const link of key ? document.querySelectorAll('a[data-with-key]') : []) {
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    const response = await fetch(link.getAttribute('href'), { headers: { Authorization: `Bearer ${key}` } });
    const shown = document.querySelector('#looked-up');
    shown.hidden = false;
    shown.querySelector('figcaption').textContent = `GET ${link.getAttribute('href')} answered ${response.status}`;
    shown.querySelector('pre').textContent = pretty(await response.text());
    shown.scrollIntoView({ block: 'nearest' });
  });
}

async function make(call) {
  const { method, path, body, keep, until } = call.dataset;
  const missing = [...call.querySelectorAll('mark')].find((mark) => !kept.has(mark.dataset.value));
  if (missing) return show(call, 'Make the calls above first: this one needs what they answer.', '', true);
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(filled(path), {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body ? filled(body) : undefined,
    });
    const text = await response.text();
    const answer = JSON.parse(text);
    // What is collected a moment later is asked for again, up to five seconds.
    const isEarly = response.ok && until && answer.status !== until && attempt < 25;
    show(call, `Answered ${response.status}, just now`, pretty(text), !response.ok);
    if (!isEarly) {
      for (const [name, field] of Object.entries(JSON.parse(keep))) if (response.ok) remember(name, answer[field]);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function remember(name, value) {
  kept.set(name, value);
  for (const mark of document.querySelectorAll(`mark[data-value="${name}"]`)) mark.textContent = value;
}

function filled(text) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => kept.get(name) ?? whole);
}

function show(call, caption, text, failed) {
  const answer = call.querySelector('.answer');
  answer.classList.toggle('failed', failed);
  answer.querySelector('figcaption').textContent = caption;
  if (text) answer.querySelector('pre').textContent = text;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
