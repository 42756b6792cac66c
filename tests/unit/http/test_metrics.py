from __future__ import annotations

from understudy.http.metrics import Metrics


def test_requests_are_counted_by_route_and_not_by_path() -> None:
    metrics = Metrics()
    metrics.request("GET", "/things/{id}", 200, 0.002)
    metrics.request("GET", "/things/{id}", 200, 0.2)
    metrics.request("BREW", "", 404, 0.001)
    text = metrics.to_text().decode()
    counted = 'understudy_requests_total{method="GET",route="/things/{id}",status="200"} 2.0'
    assert counted in text
    assert 'understudy_requests_total{method="other",route="(none)",status="404"} 1.0' in text
    assert 'understudy_request_seconds_bucket{le="0.0025",route="/things/{id}"} 1.0' in text


def test_other_numbers_are_asked_for_at_each_scrape() -> None:
    metrics = Metrics()
    numbers = iter((1.0, 2.0))
    metrics.ask(counters=lambda: {"flows": next(numbers)}, gauges=lambda: {"live_sessions": 3.0})
    first, second = metrics.to_text().decode(), metrics.to_text().decode()
    assert "understudy_flows_total 1.0" in first
    assert "understudy_flows_total 2.0" in second
    assert "understudy_live_sessions 3.0" in second
