import boto3


def go(event):
    boto3.client("rekognition").detect_labels(Image={"S3Object": {"Bucket": "photos", "Name": "a.jpg"}})
    boto3.client("textract").detect_document_text(Document={"S3Object": {"Bucket": "docs", "Name": "a.pdf"}})
    boto3.client("transcribe").start_transcription_job(TranscriptionJobName="j", Media={"MediaFileUri": "s3://audio/a.mp3"}, OutputBucketName="out")
