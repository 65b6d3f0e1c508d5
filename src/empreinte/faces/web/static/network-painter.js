// Draws a whole network into a picture, away from the page: a worker, so that the page can move
// the last picture about while the next is made. No canvas: 150,000 links through one take
// seconds where there is no graphics card; as counts of links a pixel, about a tenth of one.

const FEW = 20_000; // links that are drawn smooth; more of them smooth one another

/**
 * Count the links that pass each pixel.
 * @returns {Float32Array | Uint16Array} of width × height
 */
function crossed({ x, y, source, target }, shown, view, { width, height }) {
  let n = 0;
  for (let i = 0; i < source.length; i += 1) n += shown[i];
  const smooth = n <= FEW;
  const counts = new (smooth ? Float32Array : Uint16Array)(width * height);
  for (let i = 0; i < source.length; i += 1) {
    if (!shown[i]) continue;
    let x0 = view.left + x[source[i]] * view.scale;
    let y0 = view.top - y[source[i]] * view.scale;
    let x1 = view.left + x[target[i]] * view.scale;
    let y1 = view.top - y[target[i]] * view.scale;
    const wide = Math.abs(x1 - x0) >= Math.abs(y1 - y0);
    if (!wide) [x0, y0, x1, y1] = [y0, x0, y1, x1]; // along the longer side, a pixel a step
    if (x0 > x1) [x0, y0, x1, y1] = [x1, y1, x0, y0];
    const slope = (y1 - y0) / (x1 - x0 || 1);
    const along = wide ? width : height;
    const across = wide ? height : width;
    const strideAlong = wide ? 1 : width;
    const strideAcross = wide ? width : 1;
    let from = Math.max(0, Math.ceil(x0));
    let to = Math.min(along - 1, Math.floor(x1));
    // What leaves the picture sideways is cut as well: a zoomed view holds very long links.
    if (slope !== 0) {
      const enter = x0 + (0 - y0) / slope;
      const leave = x0 + (across - 1 - y0) / slope;
      from = Math.max(from, Math.ceil(Math.min(enter, leave)));
      to = Math.min(to, Math.floor(Math.max(enter, leave)));
    } else if (y0 < 0 || y0 > across - 1) continue;
    let at = y0 + (from - x0) * slope;
    for (let step = from; step <= to; step += 1, at += slope) {
      const row = Math.floor(at);
      if (row < 0 || row >= across) continue;
      const place = step * strideAlong + row * strideAcross;
      if (!smooth) counts[place] += 1;
      else {
        const rest = at - row;
        counts[place] += 1 - rest;
        if (row + 1 < across) counts[place + strideAcross] += rest;
      }
    }
  }
  return counts;
}

/** Lay the links' colour over the ground, stronger where more of them pass. */
function ground(pixels, counts, paper, colour, strength) {
  let sum = 0;
  let crossedPixels = 0;
  for (let i = 0; i < counts.length; i += 1) {
    if (counts[i] > 0) { sum += counts[i]; crossedPixels += 1; }
  }
  const mean = Math.max(1, sum / Math.max(1, crossedPixels));
  for (let i = 0, p = 0; i < counts.length; i += 1, p += 4) {
    const share = counts[i] > 0 ? strength * (1 - Math.exp(-0.9 * counts[i] / mean)) : 0;
    for (let c = 0; c < 3; c += 1) pixels[p + c] = paper[c] + (colour[c] - paper[c]) * share;
    pixels[p + 3] = 255;
  }
}

/** Draw a disc with a soft edge. */
function disc(pixels, width, height, cx, cy, radius, colour) {
  const first = Math.max(0, Math.floor(cx - radius - 1));
  const last = Math.min(width - 1, Math.ceil(cx + radius + 1));
  const top = Math.max(0, Math.floor(cy - radius - 1));
  const bottom = Math.min(height - 1, Math.ceil(cy + radius + 1));
  const [r, g, b] = colour;
  // A disc smaller than a pixel covers a part of it.
  const most = Math.min(1, radius * radius * 3.1416);
  for (let py = top; py <= bottom; py += 1) {
    for (let px = first; px <= last; px += 1) {
      const far = Math.hypot(px - cx, py - cy);
      const cover = Math.min(most, Math.max(0, radius + 0.5 - far));
      if (cover <= 0) continue;
      const p = 4 * (py * width + px);
      pixels[p] += (r - pixels[p]) * cover;
      pixels[p + 1] += (g - pixels[p + 1]) * cover;
      pixels[p + 2] += (b - pixels[p + 2]) * cover;
    }
  }
}

/**
 * Draw all.
 * @param network x, y, radius, colour (place in the palette) of nodes; source, target of links
 * @param look links and nodes that are shown (0 or 1), paper, links' colour, palette, faint
 * @param view left, top, scale (pixels a unit), growth (of radii), width, height
 */
export function paint(network, look, view) {
  const { width, height } = view;
  const pixels = new Uint8ClampedArray(4 * width * height);
  ground(pixels, crossed(network, look.links, view, view), look.paper, look.line, look.strength);
  const { x, y, radius, colour } = network;
  const discs = (lit) => {
    for (let i = x.length - 1; i >= 0; i -= 1) { // the most important last, above the others
      if (look.nodes[i] !== lit) continue;
      const cx = view.left + x[i] * view.scale;
      const cy = view.top - y[i] * view.scale;
      const r = radius[i] * view.growth;
      if (cx < -r || cy < -r || cx > width + r || cy > height + r) continue;
      if (r >= 2.5) disc(pixels, width, height, cx, cy, r + view.rim, look.paper);
      disc(pixels, width, height, cx, cy, r, lit ? look.palette[colour[i]] : look.faint);
    }
  };
  discs(0);
  discs(1);
  return pixels;
}

if (typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope) {
  let network;
  let look;
  globalThis.addEventListener("message", async ({ data }) => {
    if (data.network) network = data.network;
    if (data.look) look = data.look;
    if (!data.view) return;
    const pixels = paint(network, look, data.view);
    const picture = await createImageBitmap(new ImageData(pixels, data.view.width, data.view.height));
    globalThis.postMessage({ picture, view: data.view }, [picture]);
  });
}
