#!/usr/bin/python3
"""Writes grafana.json: the dashboard as a list of panels here, laid out by rows of 24 columns. `make_dashboard.py --check`
fails where the file is not what this writes."""

import json
import pathlib
import sys

FILE = pathlib.Path(__file__).parent / "grafana.json"
SOURCE = {"type": "prometheus", "uid": "${source}"}
BY = '{instance=~"$instance"}'


def panel(title, kind, width, height, targets, unit="short", help="", **options):
    return {
        "title": title, "type": kind, "description": help, "datasource": SOURCE, "_size": (width, height),
        "fieldConfig": {"defaults": {"unit": unit, **options.pop("defaults", {})}, "overrides": []},
        "options": options,
        "targets": [
            {"expr": expression, "legendFormat": legend, "refId": chr(65 + index), "datasource": SOURCE}
            for index, (expression, legend) in enumerate(targets)],
    }


def graph(title, targets, unit="short", help="", width=12):
    return panel(title, "timeseries", width, 8, targets, unit, help,
                 legend={"displayMode": "list", "placement": "bottom"}, tooltip={"mode": "multi", "sort": "desc"})


def number(title, expression, unit="short", help="", steps=()):
    colours = [{"color": "green", "value": None}, *({"color": colour, "value": value} for value, colour in steps)]
    return panel(title, "stat", 4, 4, [(expression, "")], unit, help, reduceOptions={"calcs": ["lastNotNull"]},
                 colorMode="value", defaults={"thresholds": {"mode": "absolute", "steps": colours}})


def quantile(q, by=""):
    grouping = f"le{', ' + by if by else ''}"
    return (f"histogram_quantile({q}, sum by ({grouping}) "
            f"(rate(portolan_request_duration_seconds_bucket{BY}[$__rate_interval])))")


ROWS = [
    ("Now", [
        number("Requests", f"sum(rate(portolan_requests_total{BY}[$__rate_interval]))", "reqps"),
        number("5xx", f'sum(rate(portolan_responses_total{{instance=~"$instance", code="5xx"}}[$__rate_interval])) '
               f"/ sum(rate(portolan_responses_total{BY}[$__rate_interval]))", "percentunit", "Of all answers.",
               [(0.001, "orange"), (0.01, "red")]),
        number("p99", quantile(0.99), "s"),
        number("Regions unfit", f"sum(1 - portolan_region_fit{BY})", steps=[(1, "red")]),
        number("Served elsewhere", f"sum(rate(portolan_region_fallbacks_total{BY}[$__rate_interval])) "
               f"/ sum(rate(portolan_requests_total{BY}[$__rate_interval]))", "percentunit",
               "Of all requests: another region than asked for.", [(0.01, "orange"), (0.05, "red")]),
        number("Drains overdue", f"sum(portolan_drain_overdue{BY}) or vector(0)", steps=[(1, "orange")]),
    ]),
    ("Traffic", [
        graph("Requests by cell", [(
            f"sum by (region, cell) (rate(portolan_request_duration_seconds_count{BY}[$__rate_interval]))",
            "{{region}}/{{cell}}")], "reqps"),
        graph("Answers by status", [(
            f"sum by (code) (rate(portolan_responses_total{BY}[$__rate_interval]))", "{{code}}")], "reqps"),
        graph("Latency", [(quantile(q), f"p{q * 100:g}") for q in (0.5, 0.9, 0.99)], "s"),
        graph("p99 by region", [(quantile(0.99, "region"), "{{region}}")], "s"),
    ]),
    ("Regions and cells", [
        graph("Share of new work", [(f"portolan_cell_share_ratio{BY}", "{{region}}/{{cell}}")], "percentunit",
              "As weights and drains leave it."),
        graph("Round trip", [(f"portolan_region_round_trip_seconds{BY}", "{{region}}")], "s"),
        graph("Endpoints that are up", [(f"sum by (region, cell) (portolan_endpoint_up{BY})", "{{region}}/{{cell}}")]),
        graph("Kept by regions", [(f"portolan_region_kept_ratio{BY}", "{{region}}")], "percentunit",
              "Of the requests that choose it: less than all with a dial, a drain, or ill cells."),
        graph("Replication lag", [(f"portolan_replication_lag_seconds{BY}", "{{dataset}} in {{region}}")], "s",
              "Behind the dataset's owner; no line while it is not known, which counts as broken."),
        graph("Replication tier", [(f"portolan_replication_tier{BY}", "{{dataset}} in {{region}}")],
              help="0 fresh, 1 near, 2 stale, 3 broken or not known."),
        graph("In flight by cell", [(f"portolan_cell_requests_in_flight{BY}", "{{region}}/{{cell}}")]),
        graph("Sessions by cell", [(f"portolan_cell_sessions{BY}", "{{region}}/{{cell}}")]),
    ]),
    ("What was done about failure", [
        graph("Second attempts", [
            (f"sum(rate(portolan_{name}_total{BY}[$__rate_interval]))", name)
            for name in ("retries", "resends", "rescues", "hedges")], "reqps"),
        graph("Events", [(f"sum by (event) (increase(portolan_events_total{BY}[$__rate_interval])) > 0", "{{event}}")]),
        graph("Sessions moved", [
            (f"sum(rate(portolan_sessions_moved_by_{why}_total{BY}[$__rate_interval]))", f"by {why}")
            for why in ("health", "drain")], "ops"),
        graph("Drains: admission", [(f"portolan_drain_admission_ratio{BY}", "{{kind}} {{target}}")], "percentunit"),
    ]),
    ("Process", [
        graph("Client connections", [(f"portolan_connections_open{BY}", "{{instance}}")], width=8),
        graph("Processor", [(f"rate(process_cpu_seconds_total{BY}[$__rate_interval])", "{{instance}}")], width=8,
              help="Cores."),
        graph("Memory", [(f"process_resident_memory_bytes{BY}", "{{instance}}")], "bytes", width=8),
        graph("Certificates: time left", [(
            f"portolan_certificate_remaining_seconds{BY}", "{{listener}} {{subject}}")], "s"),
        graph("Workers behind the newest snapshot", [(
            f"portolan_snapshot_generation{BY} - on (instance) group_right () portolan_worker_acknowledged_generation",
            "{{instance}} worker {{worker}}")]),
    ]),
]


def laid_out():
    panels, top = [], 0
    for title, row in ROWS:
        panels.append({"type": "row", "title": title, "collapsed": False, "panels": [],
                       "gridPos": {"h": 1, "w": 24, "x": 0, "y": top}})
        top, left, tallest = top + 1, 0, 0
        for one in row:
            width, height = one.pop("_size")
            if left + width > 24:
                top, left, tallest = top + tallest, 0, 0
            panels.append({**one, "gridPos": {"h": height, "w": width, "x": left, "y": top}})
            left, tallest = left + width, max(tallest, height)
        top += tallest
    for number_, one in enumerate(panels, 1):
        one["id"] = number_
    return panels


def dashboard():
    variables = [
        {"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"},
        {"name": "instance", "label": "Edge", "type": "query", "datasource": SOURCE, "includeAll": True,
         "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}, "refresh": 2,
         "query": {"query": "label_values(portolan_build_info, instance)", "refId": "instances"}},
    ]
    return {
        "title": "Portolan", "uid": "portolan-edge", "tags": ["portolan"], "schemaVersion": 39, "version": 1,
        "editable": True, "refresh": "10s", "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
        "graphTooltip": 1, "templating": {"list": variables}, "annotations": {"list": [{
            "name": "Configuration applied", "datasource": SOURCE, "enable": True, "iconColor": "blue",
            "expr": f'increase(portolan_events_total{{instance=~"$instance", event="CONFIG_APPLIED"}}[1m]) > 0'}]},
        "panels": laid_out(),
    }


def main():
    text = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        return 0 if FILE.exists() and FILE.read_text() == text else "grafana.json is not what make_dashboard.py writes"
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
