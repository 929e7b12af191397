// How every chart of the suite looks, light and dark: its own colours and those of parts/look.vue. The palette is Okabe's
// and Ito's without its yellow; on white its two light colours are darker, so that each mark stands out by 3 : 1.
const FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'

export const COLOURS = {
  light: {
    surface: '#ffffff', text: '#17211e', muted: '#52605b', line: '#d9e0dd', strong: '#7d8a85', sunken: '#eef2f0',
    primary: '#00695c', room: '#5c9d95', good: '#2e7d32', attention: '#8f5500', trouble: '#b3261e', change: '#0b5d8f',
    palette: ['#0072b2', '#d55e00', '#00846a', '#b0568a', '#b87700', '#2b8cc4', '#4a4a4a'],
  },
  dark: {
    surface: '#17201d', text: '#e6edea', muted: '#a5b3ae', line: '#2d3935', strong: '#7f8f89', sunken: '#121a17',
    primary: '#4db6ac', room: '#3c8f86', good: '#81c784', attention: '#ffb74d', trouble: '#ef9a9a', change: '#90caf9',
    palette: ['#56b4e9', '#ff8a4c', '#2fbf98', '#e0a0c4', '#e69f00', '#8fb8ff', '#bcc6c2'],
  },
}

const axis = ({ text, muted, line, strong }) => ({
  axisLine: { lineStyle: { color: strong } },
  axisTick: { lineStyle: { color: strong } },
  axisLabel: { color: text, fontSize: 12.5 },
  splitLine: { lineStyle: { color: line } },
  nameTextStyle: { color: muted, fontSize: 12.5 },
})

const themeOf = (colours) => ({
  color: colours.palette,
  textStyle: { fontFamily: FONT, color: colours.text },
  title: { textStyle: { color: colours.text, fontSize: 16, fontWeight: 600 }, subtextStyle: { color: colours.muted, fontSize: 12.5 } },
  legend: { textStyle: { color: colours.text, fontSize: 12.5 }, inactiveColor: colours.muted },
  tooltip: {
    backgroundColor: colours.surface, borderColor: colours.strong, borderWidth: 1, textStyle: { color: colours.text, fontSize: 13 },
  },
  ...Object.fromEntries(['categoryAxis', 'valueAxis', 'timeAxis', 'logAxis'].map((name) => [name, axis(colours)])),
})

/** Make the suite's themes, "svc-light" and "svc-dark", known to ECharts. */
export function register(echarts) {
  for (const [name, colours] of Object.entries(COLOURS)) echarts.registerTheme(`svc-${name}`, themeOf(colours))
}
