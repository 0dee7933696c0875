"""What can be said no to around services that recur."""

from storage.refusals import TooLate


class SeriesOver(TooLate):
    """The service has ended, or stands elsewhere than the button thought."""

    key = "series_over"
