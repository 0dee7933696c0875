"""Demo data: invented people of both registers, for practice, benchmarks and screenshots."""

from storage.demo.people import BATCH, FAMILY_NAMES, DemoData, make_demo_data

__all__ = ["BATCH", "FAMILY_NAMES", "DemoData", "make_demo_data"]
