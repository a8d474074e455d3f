"""What the dashboards show: panels with their expressions. dashboards.py makes Grafana's JSON of it; test_metrics.py runs every
expression against a Prometheus that scrapes running binaries.

A line is (PromQL, legend). $__rate_interval and the variables of a dashboard are Grafana's.
"""

RATE = "[$__rate_interval]"
FUNCTION = '{function_name="$function"}'


def quantile(number, metric, by="le", where=""):
    return f"histogram_quantile({number}, sum by ({by}) (rate({metric}_bucket{where}{RATE})))"


def quantiles(metric, where=""):
    return [(quantile(number, metric, where=where), f"p{round(number * 100)}") for number in (0.5, 0.95, 0.99)]


OVERVIEW = {
    "title": "Overview",
    "text": "All functions as the gateways see them.",
    "panels": [
        {"title": "Functions", "text": "Functions that the gateway routes to.", "kind": "stat", "width": 6,
         "lines": [("count(max by (function_name) (gateway_service_count))", "functions")]},
        {"title": "Ready instances", "text": "Instances that take requests now.", "kind": "stat", "width": 6,
         "lines": [("sum(max by (function_name) (gateway_service_ready_count))", "ready")]},
        {"title": "Requests in flight", "text": "Invocations under way in all gateways.", "kind": "stat", "width": 6,
         "lines": [("sum(gateway_function_invocation_inflight)", "in flight")]},
        {"title": "Failures", "text": "Share of invocations answered with a 5xx status.", "kind": "stat", "unit": "percentunit", "width": 6,
         "lines": [('sum(rate(gateway_function_invocation_total{code=~"5.."}' + RATE + ")) / sum(rate(gateway_function_invocation_total" + RATE + "))",
                    "5xx")]},
        {"title": "Invocations by status", "text": "Answers to clients, a second.", "unit": "reqps", "stack": True,
         "lines": [(f"sum by (code) (rate(gateway_function_invocation_total{RATE}))", "{{code}}")]},
        {"title": "Duration", "text": "Time of an invocation at the gateway, over all functions.", "unit": "s",
         "lines": quantiles("gateway_functions_seconds")},
        {"title": "Busiest functions", "text": "The ten with most invocations.", "unit": "reqps",
         "lines": [(f"topk(10, sum by (function_name) (rate(gateway_function_invocation_total{RATE})))", "{{function_name}}")]},
        {"title": "Slowest functions", "text": "The ten with the longest 95th percentile.", "unit": "s",
         "lines": [(f"topk(10, {quantile(0.95, 'gateway_functions_seconds', 'le, function_name')})", "{{function_name}}")]},
        {"title": "Functions that lack instances", "text": "Wanted minus ready instances, where any is missing for now.",
         "lines": [("max by (function_name) (gateway_service_count) - max by (function_name) (gateway_service_ready_count) > 0 "
                    "or sum(gateway_service_count) * 0", "{{function_name}}")]},
        {"title": "API requests", "text": "Requests to /system, by path and status.", "unit": "reqps",
         "lines": [(f'sum by (method, path, status) (rate(http_requests_total{{path=~"/system.*"}}{RATE}))', "{{method}} {{path}} {{status}}")]},
    ],
}

ONE_FUNCTION = {
    "title": "Function",
    "text": "One function, as the gateways see it.",
    "variables": [("function", "Function", "label_values(gateway_service_count, function_name)")],
    "panels": [
        {"title": "Wanted, ready and least instances", "text": "What the function asks for, what takes requests, and its lower limit.",
         "lines": [(f"max(gateway_service_count{FUNCTION})", "wanted"), (f"max(gateway_service_ready_count{FUNCTION})", "ready"),
                   (f"max(gateway_service_min{FUNCTION})", "least")]},
        {"title": "Requests in flight", "text": "Invocations under way, by gateway.", "stack": True,
         "lines": [(f"sum by (instance) (gateway_function_invocation_inflight{FUNCTION})", "{{instance}}")]},
        {"title": "Invocations by status", "text": "Answers to clients, a second.", "unit": "reqps", "stack": True,
         "lines": [(f"sum by (code) (rate(gateway_function_invocation_total{FUNCTION}{RATE}))", "{{code}}")]},
        {"title": "Begun and ended", "text": "A lasting gap means that requests pile up.", "unit": "reqps",
         "lines": [(f"sum(rate(gateway_function_invocation_started{FUNCTION}{RATE}))", "begun"),
                   (f"sum(rate(gateway_function_invocation_total{FUNCTION}{RATE}))", "ended")]},
        {"title": "Duration", "text": "Time of an invocation at the gateway.", "unit": "s",
         "lines": quantiles("gateway_functions_seconds", FUNCTION)},
        {"title": "Mean duration by status", "text": "Failures are often faster or slower than answers.", "unit": "s",
         "lines": [(f"sum by (code) (rate(gateway_functions_seconds_sum{FUNCTION}{RATE})) / sum by (code) (rate(gateway_functions_seconds_count{FUNCTION}{RATE}))",
                    "{{code}}")]},
    ],
}

OPERATOR = {
    "title": "Operator",
    "text": "What the operators do: one leads, the others stand by.",
    "panels": [
        {"title": "Leaders", "text": "Must be 1: with 0 nothing is carried out.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_operator_leader)", "leaders")]},
        {"title": "Functions", "text": "Functions that the operators know.", "kind": "stat", "width": 6,
         "lines": [("max(faisca_operator_functions)", "functions")]},
        {"title": "Waiting", "text": "Functions that wait for a look.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_operator_queue_depth)", "waiting")]},
        {"title": "Failed looks", "text": "Share of looks at a Function that are tried again.", "kind": "stat", "unit": "percentunit", "width": 6,
         "lines": [(f'sum(rate(faisca_operator_reconciles_total{{result="failed"}}{RATE})) / clamp_min(sum(rate(faisca_operator_reconciles_total{RATE})), 0.001)',
                    "failed")]},
        {"title": "Looks at Functions", "text": "By how they ended, a second.", "unit": "ops", "stack": True,
         "lines": [(f"sum by (result) (rate(faisca_operator_reconciles_total{RATE}))", "{{result}}")]},
        {"title": "Duration of a look", "text": "Writes included.", "unit": "s", "lines": quantiles("faisca_operator_reconcile_seconds")},
        {"title": "Writes to the API server", "text": "By verb and resource, a second. Nothing changes, nothing is written.", "unit": "ops", "stack": True,
         "lines": [(f"sum by (verb, resource) (rate(faisca_operator_writes_total{RATE}))", "{{verb}} {{resource}}")]},
        {"title": "Writes by outcome", "text": "Anything but ok is tried again, or told in the Function's status.", "unit": "ops", "stack": True,
         "lines": [(f"sum by (outcome) (rate(faisca_operator_writes_total{RATE}))", "{{outcome}}")]},
    ],
}

OFFLOAD = {
    "title": "Offload",
    "text": "Devices, and the functions that run on them. Cycles of a simulated device are cycles of the simulated clock.",
    "panels": [
        {"title": "Devices that answer", "text": "Devices whose agent answers its plugin.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_device_up)", "devices")]},
        {"title": "Slots", "text": "Functions of convention mem that may be placed on the devices.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_device_slots)", "slots")]},
        {"title": "Engines", "text": "eBPF processors of all devices.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_device_engines)", "engines")]},
        {"title": "Waiting calls", "text": "Calls that wait for a device.", "kind": "stat", "width": 6,
         "lines": [("sum(faisca_device_queued)", "waiting")]},
        {"title": "Runs", "text": "Runs of programs, a second.", "unit": "ops", "stack": True,
         "lines": [(f"sum by (device, function) (rate(faisca_device_invocations_total{RATE}))", "{{function}} on {{device}}")]},
        {"title": "Failed runs", "text": "Faults, and runs that were cut off.", "unit": "ops", "stack": True,
         "lines": [(f"sum by (device, function) (rate(faisca_device_failures_total{RATE}))", "{{function}} on {{device}}")]},
        {"title": "Instructions of a run", "text": "Mean number that a run retires.",
         "lines": [(f"sum by (function) (rate(faisca_device_instructions_total{RATE})) / sum by (function) (rate(faisca_device_invocations_total{RATE}))",
                    "{{function}}")]},
        {"title": "Time of a run on the device", "text": "Mean cycles of a run at the device's clock.", "unit": "s",
         "lines": [(f"sum by (device, function) (rate(faisca_device_cycles_total{RATE})) "
                    f"/ sum by (device, function) (rate(faisca_device_invocations_total{RATE})) "
                    "/ on (device) group_left () faisca_device_clock_hertz", "{{function}} on {{device}}")]},
        {"title": "Programs held", "text": "Programs that the agents hold.", "lines": [("sum by (device) (faisca_device_programs)", "{{device}}")]},
        {"title": "Programs written", "text": "Each time that another program takes its turn on the device.", "unit": "ops",
         "lines": [(f"sum by (device) (rate(faisca_device_loads_total{RATE}))", "{{device}}")]},
    ],
}

DASHBOARDS = {"overview": OVERVIEW, "function": ONE_FUNCTION, "operator": OPERATOR, "offload": OFFLOAD}
