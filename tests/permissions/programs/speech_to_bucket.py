import boto3


def say(text):
    boto3.client("polly").start_speech_synthesis_task(
        OutputFormat="mp3", OutputS3BucketName="voices", OutputS3KeyPrefix="en/", Text=text, VoiceId="Amy"
    )
