'use strict';
(() => {
  const one = (query) => document.querySelector(query);
  const all = (query) => [...document.querySelectorAll(query)];
  const map = one('#map');
  const [, , width, height] = map.getAttribute('viewBox').split(' ').map(Number);
  const kmPerUnit = Number(one('#frame').dataset.km);
  const MOST = 24;
  let x = 0, y = 0, scale = 1, drawn = false;

  // The view is a corner and units per pixel; the picture is whole at home().
  const size = () => map.getBoundingClientRect();
  const whole = () => Math.max(width / size().width, height / size().height);
  const home = () => {
    scale = whole();
    x = (width - size().width * scale) / 2;
    y = (height - size().height * scale) / 2;
    draw();
  };
  const draw = () => {
    if (drawn) return;
    drawn = true;
    requestAnimationFrame(show);
  };
  let shownScale = 0;
  const show = () => {
    drawn = false;
    const { width: wide, height: high } = size();
    const keep = (at, length, room) => Math.min(Math.max(at, -0.6 * room), length - 0.4 * room);
    x = keep(x, width, wide * scale);
    y = keep(y, height, high * scale);
    map.setAttribute('viewBox', `${x} ${y} ${wide * scale} ${high * scale}`);
    if (scale === shownScale) return;
    shownScale = scale;
    map.style.setProperty('--k', scale);
    for (const pattern of all('#hatch, #blind-hatch')) pattern.setAttribute('patternTransform', `scale(${scale})`);
    // At zoom 1 the longer side, 10,000 units, is 400 pixels: see svg/labels.rs.
    map.dataset.zoom = [16, 8, 4, 2].find((zoom) => 25 / scale >= zoom * 0.9) || 1;
    bar();
  };
  const bar = () => {
    const km = 110 * scale * kmPerUnit;
    const ten = 10 ** Math.floor(Math.log10(km));
    const length = [5, 2, 1].map((n) => n * ten).find((n) => n <= km);
    one('#scale').style.width = `${length / kmPerUnit / scale}px`;
    one('#scale span').textContent = `${length} km`;
  };
  const zoomAt = (factor, px, py) => {
    const next = Math.min(Math.max(scale * factor, whole() / MOST), whole() * 1.5);
    x += px * (scale - next);
    y += py * (scale - next);
    scale = next;
    draw();
  };
  const zoomBy = (factor) => zoomAt(factor, size().width / 2, size().height / 2);
  const centre = (cx, cy) => {
    x = cx - (size().width * scale) / 2;
    y = cy - (size().height * scale) / 2;
    draw();
  };

  // Pointers: one moves, two pinch.
  const down = new Map();
  let moved = 0;
  map.addEventListener('pointerdown', (event) => {
    down.set(event.pointerId, [event.clientX, event.clientY]);
    if (down.size === 1) moved = 0;
  });
  map.addEventListener('pointermove', (event) => {
    const from = down.get(event.pointerId);
    if (!from) return;
    const to = [event.clientX, event.clientY];
    if (down.size === 1) {
      moved += Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (moved > 4 && !map.hasPointerCapture(event.pointerId)) map.setPointerCapture(event.pointerId);
      x -= (to[0] - from[0]) * scale;
      y -= (to[1] - from[1]) * scale;
      draw();
    } else if (down.size === 2) {
      const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const far = (at) => Math.max(Math.hypot(at[0] - other[0], at[1] - other[1]), 1);
      const corner = size();
      zoomAt(far(from) / far(to), (to[0] + other[0]) / 2 - corner.left, (to[1] + other[1]) / 2 - corner.top);
      moved = 9;
    }
    down.set(event.pointerId, to);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    map.addEventListener(end, (event) => down.delete(event.pointerId));
  }
  map.addEventListener('wheel', (event) => {
    event.preventDefault();
    const corner = size();
    zoomAt(1.0015 ** event.deltaY, event.clientX - corner.left, event.clientY - corner.top);
  }, { passive: false });
  map.addEventListener('keydown', (event) => {
    const step = 60 * scale;
    const does = {
      ArrowLeft: () => { x -= step; draw(); }, ArrowRight: () => { x += step; draw(); },
      ArrowUp: () => { y -= step; draw(); }, ArrowDown: () => { y += step; draw(); },
      '+': () => zoomBy(0.7), '=': () => zoomBy(0.7), '-': () => zoomBy(1 / 0.7), 0: home,
    }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    does();
  });
  one('#in').addEventListener('click', () => zoomBy(0.6));
  one('#out').addEventListener('click', () => zoomBy(1 / 0.6));
  one('#all').addEventListener('click', home);

  // Zones: the list goes to the map, a disc goes to the list.
  const pick = (number) => {
    for (const item of all('#list > li')) item.classList.toggle('on', item.querySelector('a').dataset.zone === number);
    for (const shape of all('#map [data-zone]')) shape.classList.toggle('on', shape.dataset.zone === number);
  };
  const go = (link) => {
    const [left, top, right, bottom] = link.dataset.box.split(' ').map(Number);
    pick(link.dataset.zone);
    const fit = 3 * Math.max((right - left) / size().width, (bottom - top) / size().height);
    scale = Math.max(Math.min(scale, fit), whole() / MOST);
    centre((left + right) / 2, (top + bottom) / 2);
  };
  const links = all('#list a');
  for (const link of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      go(link);
    });
  }
  for (const disc of all('.disc')) {
    disc.addEventListener('click', () => {
      if (moved > 4) return;
      pick(disc.dataset.zone);
      one('#list > li.on').scrollIntoView({ block: 'nearest' });
    });
  }

  // Periods: each is told by what differs from the one after it.
  const slider = one('#period');
  if (slider) {
    const cells = [...one('#cells').children];
    const still = cells.map((cell) => cell.getAttribute('class').replace(/ ?n\d+/, ''));
    const last = cells.map((cell) => Number((/n(\d+)/.exec(cell.getAttribute('class')) || [0, 0])[1]));
    const periods = [];
    for (const text of JSON.parse(one('#data').textContent).periods.reverse()) {
      const classes = (periods[0] || last).slice();
      let at = 0;
      for (const change of text ? text.split(' ') : []) {
        const [gap, to] = change.split(':').map(Number);
        at += gap;
        classes[at] = to;
      }
      periods.unshift(classes);
    }
    let shown = last;
    slider.addEventListener('input', () => {
      const number = Number(slider.value);
      periods[number].forEach((to, i) => {
        if (to !== shown[i]) cells[i].setAttribute('class', `${still[i]} n${to}`.trim());
      });
      shown = periods[number];
      one('#theme-reports').checked = true;
      for (const label of all('output span[data-period]')) label.hidden = label.dataset.period !== slider.value;
    });
  }

  // Search in zones and places; marks of letters do not matter.
  const bare = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const targets = links.map((link) => ({ name: link.textContent, go: () => go(link) }));
  for (const place of all('.place')) {
    const [px, py] = /translate\((\S+) (\S+)\)/.exec(place.getAttribute('transform')).slice(1).map(Number);
    targets.push({
      name: place.textContent,
      go: () => {
        scale = Math.min(scale, whole() / 6);
        centre(px, py);
      },
    });
  }
  const search = one('#search');
  const find = () => {
    const text = bare(search.value.trim());
    const hits = text ? targets.filter((target) => bare(target.name).includes(text)).slice(0, 8) : [];
    one('#found').replaceChildren(...hits.map((hit) => {
      const [item, button] = [document.createElement('li'), document.createElement('button')];
      button.type = 'button';
      button.textContent = hit.name;
      button.addEventListener('click', hit.go);
      item.append(button);
      return item;
    }));
    one('#none').hidden = !text || hits.length > 0;
    return hits;
  };
  search.addEventListener('input', find);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') find()[0]?.go();
  });

  const speak = () => {
    document.documentElement.lang = one('#fr').checked ? 'fr' : 'en';
  };
  for (const button of ['#en', '#fr']) one(button).addEventListener('change', speak);
  if (/^fr/i.test(navigator.language)) one('#fr').checked = true;
  speak();

  one('#print').addEventListener('click', () => window.print());
  window.addEventListener('beforeprint', () => {
    for (const part of all('#list details')) part.open = true;
    home();
  });
  window.addEventListener('resize', home);
  for (const part of all('#scale, #zoom, .periods, .search, #print')) part.hidden = false;
  document.body.classList.add('live');
  home();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.ready = Math.round(performance.now());
  }));
})();
