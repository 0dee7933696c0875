"""Papers: long work that is asked for in the chat and done beside everything else."""

from storage.papers.asking import PaperAskedAlready, TooManyPapers, ask_for_paper

__all__ = ["PaperAskedAlready", "TooManyPapers", "ask_for_paper"]
