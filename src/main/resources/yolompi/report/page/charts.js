"use strict";
// Draws the charts that the element "charts" holds as JSON:
// [{id, xLabel, scale, lines: [{name, stroke, color, x: [], y: []}]}].
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (value) => value == null ? "" : value === 0 ? "0" : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4
    ? Number(value.toPrecision(3)).toExponential() : String(Number(value.toPrecision(4)));

  function series(line) {
    const faint = line.stroke === "FAINT";
    return {
      label: line.name,
      stroke: faint ? line.color + "88" : line.color,
      width: faint ? 1 : 2,
      points: { show: line.stroke === "DOTTED", size: 6 },
      spanGaps: true,
      value: (_, value) => number(value),
    };
  }

  function axis(label) {
    return {
      stroke: () => style("--quiet"),
      grid: { stroke: () => style("--line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
      ...(label
        ? { label, labelFont: "12px system-ui, sans-serif", labelSize: 16, labelGap: 0, size: 28, space: 40 }
        : { size: 58, space: 34, values: (_, ticks) => ticks.map(number) }),
    };
  }

  function range(scale) {
    return (_, least, most) => {
      if (scale === "UNIT") return [0, 1];
      if (least == null) return [0, 1];
      const low = scale === "FROM_ZERO" ? Math.min(0, least) : least;
      const room = (most - low || Math.abs(most) || 1) * 0.06;
      return [low === 0 ? 0 : low - room, most + room];
    };
  }

  function draw(chart) {
    const place = document.querySelector(`[data-chart="${chart.id}"]`);
    const size = () => ({ width: place.clientWidth, height: 250 });
    const plot = new uPlot({
      ...size(),
      scales: { x: { time: false }, y: { range: range(chart.scale) } },
      series: [{ label: chart.xLabel, value: (_, value) => number(value) }, ...chart.lines.map(series)],
      axes: [axis(chart.xLabel), axis()],
    }, uPlot.join(chart.lines.map((line) => [line.x, line.y])), place);
    plot.setLegend({ idx: null }); // uPlot shows "--" until the first hover
    new ResizeObserver(() => plot.setSize(size())).observe(place);
    return plot;
  }

  const plots = charts.map(draw);
  const redraw = () => plots.forEach((plot) => plot.redraw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", redraw);
  addEventListener("afterprint", redraw);
})();
