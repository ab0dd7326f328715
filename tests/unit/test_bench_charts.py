"""The charts of docs/performance.md."""

from xml.etree import ElementTree

from tests.benchmarks import charts


def test_a_chart_of_bars_is_well_formed_and_scaled_to_the_longest():
    drawn = ElementTree.fromstring(charts.bars("Speed & ease", {"limit <1>": 200.0, "ours": 100.0}, ["limit <1>"]))

    widths = [float(each.attrib["width"]) for each in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[0] == 2 * widths[1]


def test_a_line_leaves_out_what_was_not_measured():
    drawn = ElementTree.fromstring(charts.lines("Growth", ["100", "1,000"], {"home": [2.0, 2.1], "busy": [None, 9.0]}))

    points = [each.attrib["points"].split() for each in drawn.iter("{http://www.w3.org/2000/svg}polyline")]
    assert [len(each) for each in points] == [2, 1]
