"""Demo data: invented people of both registers, for practice, benchmarks and screenshots."""

from storage.demo.people import BATCH, DemoData, make_demo_data

__all__ = ["BATCH", "DemoData", "make_demo_data"]
